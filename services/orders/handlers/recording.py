"""The rows a change leaves: an order with its lines, and who did what to it."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any

from services.orders.domain import lifecycle
from services.orders.domain.fulfilment import Units, fulfilment_status
from services.orders.domain.ledger import Ledger, payment_status
from services.orders.domain.totals import Sold, Totals, totals
from services.orders.handlers.asking import Sale
from services.orders.models import Order, OrderHistory, OrderLine, Payment
from shared.contracts.actor import ActorRef
from shared.contracts.catalog.stock import HeldLine, HeldQuote
from shared.contracts.orders.orders import PlaceOrder
from shared.contracts.orders.states import FulfilmentStatus, OrderStatus
from shared.kernel.ids import new_id
from shared.messaging.work import Work

NO_UNITS = Decimal(0)


def new_order(command: PlaceOrder, sale: Sale, quote: HeldQuote, work: Work) -> Order:
    """Return an order as it is confirmed, with a snapshot of everything it was computed from."""
    sold = [
        Sold(held.unit_price, held.quantity, sale.rates[held.tax_category], wanted.discount_percent)
        for held, wanted in zip(quote.lines, command.lines, strict=True)
    ]
    sums = totals(sold, command.currency, quote.surcharge, quote.price_mode)
    unpaid = Ledger.of((), command.currency)
    lines = list(_lines(quote, sold, sums))
    agent_id, attribution = sale.attribution()
    return Order(
        id=quote.order_id,
        version=1,
        status=lifecycle.advance(lifecycle.ORDER, OrderStatus.DRAFT, OrderStatus.CONFIRMED),
        payment_status=payment_status(unpaid, sums.total, cancelled=False),
        fulfilment_status=fulfilment_of(lines),
        **_buyer(sale),
        agent_id=agent_id,
        attribution=attribution,
        placed_by=sale.placed_by(work.actor).model_dump(mode="json"),
        payment_method=command.payment_method,
        currency=command.currency,
        price_mode=quote.price_mode,
        market=quote.market,
        lines=lines,
        surcharge=quote.surcharge,
        surcharge_taxes=[share.model_dump(mode="json") for share in sums.surcharge_taxes],
        net=sums.net,
        tax=sums.tax,
        total=sums.total,
        paid=unpaid.paid,
        reference=command.reference,
        created_at=work.as_of,
        request_digest=work.digest,
    )


def remember(
    order: Order, axis: str, before: StrEnum | None, after: StrEnum, work: Work, reason: str | None = None
) -> None:
    """Add to an order's history who moved it on one axis; `placed_by` names whoever the first move is by."""
    actor = work.actor.ref() if before else ActorRef.model_validate(order.placed_by)
    entry = OrderHistory(
        id=new_id(),
        order_id=order.id,
        axis=axis,
        before=before,
        after=after,
        actor=actor.model_dump(mode="json"),
        reason=reason,
        at=work.as_of,
    )
    work.session.add(entry)


def ledger_of(order: Order, entries: Iterable[Payment]) -> Ledger:
    """Return the sums of an order's ledger."""
    return Ledger.of(((entry.kind, entry.amount) for entry in entries), order.currency)


def fulfilment_of(lines: Sequence[OrderLine]) -> FulfilmentStatus:
    """Return what the unit counters of an order's lines say."""
    return fulfilment_status(
        Units(
            ordered=sum((line.quantity for line in lines), NO_UNITS),
            cancelled=sum((line.cancelled for line in lines), NO_UNITS),
            shipped=sum((line.shipped for line in lines), NO_UNITS),
            delivered=sum((line.delivered for line in lines), NO_UNITS),
            returned=sum((line.returned for line in lines), NO_UNITS),
        )
    )


def _lines(quote: HeldQuote, sold: Sequence[Sold], sums: Totals) -> Iterator[OrderLine]:
    for position, (held, line, amounts) in enumerate(zip(quote.lines, sold, sums.lines, strict=True), 1):
        yield OrderLine(
            order_id=quote.order_id,
            position=position,
            discount_percent=line.discount,
            net=amounts.net,
            tax_rate=line.rate,
            tax=amounts.tax,
            cancelled=NO_UNITS,
            shipped=NO_UNITS,
            delivered=NO_UNITS,
            returned=NO_UNITS,
            **_as_held(held),
        )


def _as_held(held: HeldLine) -> dict[str, Any]:
    """Return everything catalog told of a line, to be frozen as it is; its trace as JSON, without what is not said."""
    return dict(held) | {"trace": [step.model_dump(mode="json", exclude_none=True) for step in held.trace]}


def _buyer(sale: Sale) -> dict[str, object]:
    buyer = sale.buyer
    return {
        "customer_id": buyer.id,
        "customer_name": buyer.name,
        "customer_email": buyer.email,
        "customer_locale": buyer.locale,
        "company_name": buyer.company_name,
        "group_ids": buyer.group_ids,
        "billing_address": buyer.billing_address,
        "shipping_address": buyer.shipping_address,
    }
