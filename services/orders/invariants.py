"""What must hold in orders at rest, as sentences about each drift.

Where a rule of the domain derives a state, the database picks one order of each kind there is (the signs of what the
rule compares), and the rule itself judges those few.
"""

from decimal import Decimal

from sqlalchemy import ColumnElement, Subquery, case, cast, exists, false, func, or_, select, true
from sqlalchemy.dialects.postgresql import JSONB, distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from services.orders.domain.fulfilment import Units, fulfilment_status
from services.orders.domain.ledger import EntryKind, Ledger, payment_status
from services.orders.domain.vat import taxed
from services.orders.models import Order, OrderHistory, OrderLine, Payment
from shared.contracts.catalog.price_lists import PriceMode
from shared.contracts.orders.states import OrderStatus
from shared.database.columns import AMOUNT, PERCENT
from shared.kernel.money import Money
from shared.messaging.invariants import Invariant

ORDERS, LINES, PAYMENTS = Order.__table__.c, OrderLine.__table__.c, Payment.__table__.c
NONE = Decimal(0)
COUNTERS = ("cancelled", "shipped", "delivered", "returned")


async def totals_add_up(session: AsyncSession) -> list[str]:
    """Total = net + tax, both are the sums of the lines' and the surcharge's, and its shares make up a surcharge."""
    parts = _taxed()
    net, tax = func.sum(parts.c.net).label("net"), func.sum(parts.c.tax).label("tax")
    surcharge = func.coalesce(func.sum(parts.c.shown).filter(parts.c.of_surcharge), NONE).label("surcharge")
    sums = select(parts.c.order_id, net, tax, surcharge).group_by(parts.c.order_id).subquery()
    adrift = or_(
        ORDERS.total_amount != ORDERS.net_amount + ORDERS.tax_amount,
        ORDERS.net_amount != sums.c.net,
        ORDERS.tax_amount != sums.c.tax,
        func.coalesce(ORDERS.surcharge_amount, NONE) != sums.c.surcharge,
    )
    found = select(Order.number).join(sums, sums.c.order_id == Order.id).where(adrift)
    return [f"order {number} does not add up to its lines" for number in await session.scalars(found)]


async def vat_is_rounded_once_per_rate(session: AsyncSession) -> list[str]:
    """All that bears one rate, lines and surcharge, is rounded together.

    Its VAT is round(Σ net × rate); of prices with tax its net is round(Σ gross / (1 + rate)).
    """
    parts = _taxed()
    shown, net, tax = (func.sum(parts.c[name]) for name in ("shown", "net", "tax"))
    of_nets = tax != func.round(net * parts.c.rate / 100, 2)
    of_grosses = net != func.round(shown * 100 / (100 + parts.c.rate), 2)
    suspects = (
        select(Order.number, Order.currency, Order.price_mode, parts.c.rate, shown, net, tax)
        .join(Order, Order.id == parts.c.order_id)
        .group_by(Order.id, parts.c.rate)
        # Passes what is right to the cent; the rest is judged below by the decimals its currency has.
        .having(case((ORDERS.price_mode == PriceMode.NET, of_nets), else_=of_grosses))
    )
    drifts = []
    for number, currency, mode, rate, together, base, vat in await session.execute(suspects):
        [right] = taxed([Money.rounded(together, currency)], rate, currency, mode)
        if (right.net.amount, right.tax.amount) != (base, vat):
            drifts.append(f"order {number} bears {vat} of VAT at {rate:f} % of {base}")
    return drifts


async def lines_cost_what_their_prices_say(session: AsyncSession) -> list[str]:
    """What a line is shown to cost, without tax or with it, is round(unit × quantity × (1 − discount))."""
    shown = _shown(LINES.net_amount, LINES.tax_amount)
    costs = LINES.unit_price_amount * LINES.quantity * (100 - LINES.discount_percent) / 100
    suspects = (
        select(Order.number, OrderLine, shown)
        .join(Order, Order.id == OrderLine.order_id)
        .where(shown != func.round(costs, 2))
    )
    return [
        f"order {number} says {amount} for {line.quantity:f} {line.sku} at {line.unit_price.amount}"
        for number, line, amount in await session.execute(suspects)
        if line.unit_price.line(line.quantity, line.discount_percent).amount != amount
    ]


async def payment_is_what_the_ledger_says(session: AsyncSession) -> list[str]:
    """Paid = Σ ledger, and the payment status is the one derived from it."""
    sums = _ledgers()
    amounts = [func.coalesce(sums.c[kind], NONE) for kind in EntryKind]
    authorized, captured, refunded, failed = amounts
    in_hand, total, paid = captured - refunded, ORDERS.total_amount, ORDERS.paid_amount
    compared = (captured, refunded, authorized, failed, total, in_hand, captured - total, paid - in_hand)
    found = (
        select(Order, *amounts)
        .outerjoin(sums, sums.c.order_id == Order.id)
        .ext(distinct_on(Order.status, Order.payment_status, *(func.sign(amount) for amount in compared)))
    )
    drifts = []
    for order, *entries in await session.execute(found):
        ledger = Ledger(*(Money(amount, order.currency) for amount in entries))
        derived = payment_status(ledger, order.total, cancelled=order.status is OrderStatus.CANCELLED)
        if (order.payment_status, order.paid) != (derived, ledger.paid):
            drifts.append(
                f"order {order.number} says {order.payment_status} with {order.paid} paid,"
                f" its ledger {derived} with {ledger.paid}"
            )
    return drifts


async def fulfilment_is_what_the_counters_say(session: AsyncSession) -> list[str]:
    """The fulfilment status is the one derived from the unit counters."""
    counted = [func.sum(LINES[name]).label(name) for name in ("quantity", *COUNTERS)]
    units = select(LINES.order_id, *counted).group_by(LINES.order_id).subquery()
    wanted = units.c.quantity - units.c.cancelled
    compared = (units.c.shipped, units.c.returned, *(units.c[name] - wanted for name in COUNTERS[1:]))
    found = (
        select(Order.number, Order.fulfilment_status, units.c.quantity, *(units.c[name] for name in COUNTERS))
        .join(units, units.c.order_id == Order.id)
        .ext(distinct_on(Order.fulfilment_status, *(func.sign(amount) for amount in compared)))
    )
    drifts = []
    for number, status, quantity, *counters in await session.execute(found):
        derived = fulfilment_status(Units(quantity, **dict(zip(COUNTERS, counters, strict=True))))
        if derived is not status:
            drifts.append(f"order {number} says {status}, its units {derived}")
    return drifts


async def every_order_has_lines_and_a_first_move(session: AsyncSession) -> list[str]:
    """No order stands without lines, and each one's history begins with its placement."""
    with_lines = exists().where(LINES.order_id == Order.id)
    begun = exists().where(OrderHistory.order_id == Order.id, OrderHistory.before.is_(None))
    bare = select(Order.number).where(Order.status != OrderStatus.DRAFT, ~with_lines)
    rootless = select(Order.number).where(~begun)
    return [
        *(f"order {number} has no lines" for number in await session.scalars(bare)),
        *(f"nobody knows who placed order {number}" for number in await session.scalars(rootless)),
    ]


async def orders_stand_where_their_history_ends(session: AsyncSession) -> list[str]:
    """The last move on the order's axis led to its status."""
    moves = select(OrderHistory.order_id, OrderHistory.after).where(OrderHistory.axis == "order")
    last = moves.order_by(OrderHistory.order_id, OrderHistory.seq.desc()).ext(distinct_on(OrderHistory.order_id))
    newest = last.subquery()
    found = (
        select(Order.number, Order.status, newest.c.after)
        .join(newest, newest.c.order_id == Order.id)
        .where(newest.c.after != ORDERS.status)
    )
    return [
        f"order {number} says {status}, its history {after}" for number, status, after in await session.execute(found)
    ]


def _taxed() -> Subquery:
    """Return all that bears VAT, by order: the lines, and the shares of a surcharge."""
    lines = select(
        LINES.order_id,
        LINES.tax_rate.label("rate"),
        LINES.net_amount.label("net"),
        LINES.tax_amount.label("tax"),
        _shown(LINES.net_amount, LINES.tax_amount).label("shown"),
        false().label("of_surcharge"),
    ).join(Order, Order.id == LINES.order_id)
    share = func.jsonb_array_elements(ORDERS.surcharge_taxes, type_=JSONB).column_valued("share", joins_implicitly=True)
    amounts = [cast(share[name]["amount"].astext, AMOUNT) for name in ("net", "tax")]
    shares = select(ORDERS.id, cast(share["rate"].astext, PERCENT), *amounts, _shown(*amounts), true())
    return lines.union_all(shares.where(ORDERS.surcharge_amount.is_not(None))).subquery()


def _shown(net: ColumnElement[Decimal], tax: ColumnElement[Decimal]) -> ColumnElement[Decimal]:
    """Return an amount as its order shows it: without tax, or with it."""
    return case((ORDERS.price_mode == PriceMode.NET, net), else_=net + tax)


def _ledgers() -> Subquery:
    """Return the sums of each order's ledger, one column per kind of entry."""
    sums = (func.sum(PAYMENTS.amount_amount).filter(Payment.kind == kind).label(kind) for kind in EntryKind)
    return select(Payment.order_id, *sums).group_by(Payment.order_id).subquery()


ALL: tuple[Invariant, ...] = (
    totals_add_up,
    vat_is_rounded_once_per_rate,
    lines_cost_what_their_prices_say,
    payment_is_what_the_ledger_says,
    fulfilment_is_what_the_counters_say,
    every_order_has_lines_and_a_first_move,
    orders_stand_where_their_history_ends,
)
