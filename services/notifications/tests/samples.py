"""Orders to write about."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.notifications.domain.letters import (
    Letter,
    Recipient,
    cancellation,
    placement,
    placement_for_agent,
    receipt,
)
from services.notifications.settings import Settings
from shared.contracts.actor import ActorRef, ActorType
from shared.contracts.agents.agents import AgentSnapshot, AgentStatus
from shared.contracts.agents.settings import Attribution
from shared.contracts.catalog.products import TaxCategory
from shared.contracts.catalog.storefront import PriceReason
from shared.contracts.customers.customers import Address
from shared.contracts.notifications import MailKind
from shared.contracts.orders.orders import BuyerSnapshot, LineSnapshot, OrderSnapshot, TaxLine
from shared.contracts.orders.payments import PaymentView
from shared.contracts.orders.states import FulfilmentStatus, OrderStatus, PaymentMethod, PaymentStatus
from shared.kernel.ids import new_id
from shared.kernel.money import Money, UnitPrice

PLACED_AT = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)  # already the 21st in Paris
AGENT = UUID("01900000-0000-7000-8000-00000000a9e7")
CUSTOMER = UUID("01900000-0000-7000-8000-0000000c0570")
BY_AGENT = ActorRef(type=ActorType.AGENT, id=AGENT, name="Nadia Benali", on_behalf_of=CUSTOMER)
BY_CUSTOMER = ActorRef(type=ActorType.CUSTOMER, id=CUSTOMER, name="Marie Dupont")
BY_STAFF = ActorRef(type=ActorType.STAFF, id=new_id(), name="Staff")
SETTINGS: dict[str, Any] = {
    "database_url": "postgresql+asyncpg://unused",
    "shop_name": "Maison Verdier",
    "shop_url": "https://maison-verdier.example",
    "mail_from": "commandes@maison-verdier.example",
    "bank_iban": "FR76 3000 6000 0112 3456 7890 189",
    "bank_bic": "AGRIFRPP",
    "bank_holder": "Maison Verdier SAS",
}


def euros(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def a_shop(**changes: Any) -> Settings:
    return Settings(**SETTINGS | changes)  # type: ignore[call-arg]


def a_line(
    position: int, name: str, quantity: str, unit: str, rate: str, tax: str, discount: str = "0"
) -> LineSnapshot:
    price = UnitPrice(Decimal(unit), "EUR")
    return LineSnapshot(
        position=position,
        variant_id=new_id(),
        product_id=new_id(),
        sku=f"MV-{position:03}",
        name=name,
        quantity=Decimal(quantity),
        list_price=price,
        unit_price=price,
        price_reason=PriceReason.BASE,
        discount_percent=Decimal(discount),
        net=price.line(Decimal(quantity), Decimal(discount)),
        tax_category=TaxCategory.STANDARD,
        tax_rate=Decimal(rate),
        tax=euros(tax),
        commissionable=True,
    )


LINES = (
    a_line(1, "Fauteuil Ambroise, chêne et lin", "3", "389.00", "20", "221.73", discount="5"),
    a_line(2, "Huile d’olive vierge extra 5 l", "2.5", "41.125", "5.5", "5.65"),
    a_line(3, "Vis inox M4 × 20", "1200", "0.0345", "20", "8.28"),
)


def an_order(lines: Sequence[LineSnapshot] = LINES, locale: str = "fr", **changes: Any) -> OrderSnapshot:
    net = Money.sum((line.net for line in lines), "EUR")
    tax = Money.sum((line.tax for line in lines), "EUR")
    name, company = changes.pop("name", "Marie Dupont"), changes.pop("company", "Café Luna")
    values: dict[str, Any] = {
        "id": new_id(),
        "version": 1,
        "number": 1042,
        # Built past the contract's own wall against control characters: the letters must hold without it too.
        "buyer": BuyerSnapshot.model_construct(
            id=CUSTOMER,
            name=name,
            email=changes.pop("email", "marie@cafe-luna.example"),
            locale=locale,
            company_name=company,
            group_ids=[],
            billing_address=None,
            shipping_address=Address.model_construct(
                recipient=name, lines=["12 rue des Lilas"], postal_code="69003", city="Lyon", region=None, country="FR"
            ),
        ),
        "agent_id": AGENT,
        "attribution": Attribution.ACTING_AGENT,
        "status": OrderStatus.CONFIRMED,
        "payment_status": PaymentStatus.AWAITING,
        "fulfilment_status": FulfilmentStatus.UNFULFILLED,
        "placed_by": BY_AGENT,
        "payment_method": PaymentMethod.BANK_TRANSFER,
        "currency": "EUR",
        "lines": list(lines),
        "net": net,
        "tax": tax,
        "total": net + tax,
        "paid": Money.zero("EUR"),
        "created_at": PLACED_AT,
    }
    return OrderSnapshot(**values | changes)


def a_payment(order: OrderSnapshot, amount: Money, reference: str = "VIR 2026-118") -> PaymentView:
    return PaymentView.model_construct(
        id=new_id(),
        order_id=order.id,
        method=PaymentMethod.BANK_TRANSFER,
        amount=amount,
        value_date=date(2026, 11, 24),
        reference=reference,
        recorded_by=BY_STAFF,
        created_at=PLACED_AT,
    )


def an_agent(**changes: Any) -> AgentSnapshot:
    values: dict[str, Any] = {
        "id": AGENT,
        "version": 1,
        "name": "Nadia Benali",
        "email": "nadia@agents.example",
        "locale": "fr",
        "group_id": new_id(),
        "parent_id": None,
        "status": AgentStatus.ACTIVE,
        "max_discount_percent": Decimal(10),
        "max_increase_percent": Decimal(0),
    }
    return AgentSnapshot(**values | changes)


def surcharged(order: OrderSnapshot) -> OrderSnapshot:
    """Return an order of the sample lines as it is with a surcharge of fifteen euros."""
    shares = [
        TaxLine(rate=Decimal(20), net=euros("13.77"), tax=euros("2.75")),
        TaxLine(rate=Decimal("5.5"), net=euros("1.23"), tax=euros("0.07")),
    ]
    net, tax = order.net + euros("15"), order.tax + euros("2.82")
    told = {"surcharge": euros("15"), "surcharge_taxes": shares, "net": net, "tax": tax, "total": net + tax}
    return order.model_copy(update=told)


def a_letter(kind: MailKind, order: OrderSnapshot, text: str = "Rupture chez le fabricant") -> Letter:
    """Return a letter of a kind; `text` is the reason or the payment's reference, where it has one."""
    if kind is MailKind.ORDER_PLACED:
        return placement(order)
    if kind is MailKind.AGENT_ORDER_PLACED:
        return placement_for_agent(order, Recipient(AGENT, "Nadia Benali", "nadia@agents.example", order.buyer.locale))
    if kind is MailKind.PAYMENT_RECEIVED:
        amount = euros("500.00")
        return receipt(order.model_copy(update={"paid": order.paid + amount}), a_payment(order, amount, text))
    return cancellation(order, text)
