"""What there is to tell, to whom, and about which step: every letter's facts, before they are put into words."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from shared.contracts.actor import ActorType
from shared.contracts.catalog.price_lists import PriceMode
from shared.contracts.notifications import MailKind
from shared.contracts.orders.orders import LineSnapshot, OrderSnapshot, TaxLine
from shared.contracts.orders.payments import PaymentView
from shared.kernel.ids import derived_id
from shared.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a letter is for: a customer or an agent, in their language ("fr" or "en")."""

    id: UUID
    name: str
    address: str
    locale: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One step of one order, told to one recipient.

    `transition` tells this step from every other of the order: the order's version, or the id of the payment.
    """

    kind: MailKind
    to: Recipient
    order: OrderSnapshot
    transition: str
    payment: PaymentView | None = None
    reason: str | None = None

    @property
    def id(self) -> UUID:
        """Return the id of this letter's mail: the same whenever the same step is told to the same recipient."""
        return derived_id("mail", self.kind, str(self.order.id), self.transition, str(self.to.id))

    @property
    def customer(self) -> str:
        """Return the customer's name, and their company's where they have one."""
        who = self.order.buyer
        return f"{who.name} ({who.company_name})" if who.company_name else who.name

    @property
    def placed_by_an_agent(self) -> bool:
        """Tell whether an agent placed the order, for whoever reads this."""
        return self.order.placed_by.type is ActorType.AGENT

    @property
    def placed_by_the_customer(self) -> bool:
        """Tell whether the customer placed the order themselves."""
        return self.order.placed_by.type is ActorType.CUSTOMER

    @property
    def placed_by_the_reader(self) -> bool:
        """Tell whether the recipient placed the order themselves."""
        return self.order.placed_by.id == self.to.id

    @property
    def with_tax(self) -> bool:
        """Tell whether the prices of the order are with tax."""
        return self.order.price_mode is PriceMode.GROSS

    def shown(self, line: LineSnapshot) -> Money:
        """Return what a line costs as its unit price is shown: without tax, or with it."""
        return line.gross if self.with_tax else line.net

    @property
    def taxes(self) -> list[TaxLine]:
        """Return the VAT of each rate, lowest rate first."""
        return vat_by_rate(self.order.lines, self.order.surcharge_taxes, self.order.currency)

    @property
    def due(self) -> Money:
        """Return what is still to be paid; nothing once more has come in than was asked."""
        rest = self.order.total - self.order.paid
        return max(rest, Money.zero(rest.currency))


def placement(order: OrderSnapshot) -> Letter:
    """Return what a customer reads when their order stands."""
    return Letter(MailKind.ORDER_PLACED, buyer(order), order, f"v{order.version}")


def placement_for_agent(order: OrderSnapshot, agent: Recipient) -> Letter:
    """Return what the agent of a sale reads when the order stands."""
    return Letter(MailKind.AGENT_ORDER_PLACED, agent, order, f"v{order.version}")


def receipt(order: OrderSnapshot, payment: PaymentView) -> Letter:
    """Return what a customer reads when their money came in."""
    return Letter(MailKind.PAYMENT_RECEIVED, buyer(order), order, str(payment.id), payment=payment)


def cancellation(order: OrderSnapshot, reason: str) -> Letter:
    """Return what a customer reads when their order will not happen."""
    return Letter(MailKind.ORDER_CANCELLED, buyer(order), order, f"v{order.version}", reason=reason)


def buyer(order: OrderSnapshot) -> Recipient:
    """Return the customer of an order, as they were when it was placed."""
    return Recipient(order.buyer.id, order.buyer.name, order.buyer.email, order.buyer.locale)


def vat_by_rate(lines: Sequence[LineSnapshot], surcharge: Sequence[TaxLine], currency: str) -> list[TaxLine]:
    """Return net and VAT of each rate, lowest rate first; `surcharge`: what of it bears which.

    The shares of a rate's VAT add up to it (rules 3.3), so nothing is computed anew and no cent can differ from what
    the order says.
    """
    rates: dict[Decimal, list[LineSnapshot | TaxLine]] = {}
    for line in lines:
        rates.setdefault(line.tax_rate, []).append(line)
    for share in surcharge:
        rates.setdefault(share.rate, []).append(share)
    return [
        TaxLine(
            rate=rate,
            net=Money.sum((part.net for part in rates[rate]), currency),
            tax=Money.sum((part.tax for part in rates[rate]), currency),
        )
        for rate in sorted(rates)
    ]
