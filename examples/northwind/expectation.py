"""What Northwind's figures must come to, computed from the CSV files alone, by another way than Courtier's."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from examples.northwind.data import Line, Northwind, Order

CENT = Decimal("0.01")
COMMISSION = Decimal(5)  # percent of an order's net, for its seller
OVERRIDE = Decimal(10)  # percent of the earning just below, for every manager above


@dataclass
class Expectation:
    """Amounts in euros. `commission` by seller, `override` by manager, both by employee id."""

    net: Decimal = Decimal(0)
    commission: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    override: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    entries: int = 0


def line_total(line: Line) -> Decimal:
    """Return a line's net, to the cent, half up."""
    return (line.unit_price * line.quantity * (100 - line.discount_percent) / 100).quantize(CENT, ROUND_HALF_UP)


def order_total(order: Order) -> Decimal:
    """Return an order's net."""
    return sum((line_total(line) for line in order.lines), Decimal(0))


def expect(data: Northwind) -> Expectation:
    """Return what the shop must report once every order is placed."""
    expected = Expectation()
    for order in data.orders:
        net = order_total(order)
        expected.net += net
        earning = _percent(net, COMMISSION)
        expected.commission[order.employee_id] += earning
        expected.entries += 1
        above = data.employees[order.employee_id].reports_to
        while above:
            earning = _percent(earning, OVERRIDE)
            expected.override[above] += earning
            expected.entries += 1
            above = data.employees[above].reports_to
    return expected


def price_bounds(data: Northwind) -> tuple[Decimal, Decimal]:
    """Return how far, in whole percents of the list price, the history went below and above it for one unit."""
    ratios = [
        line.unit_price * (100 - line.discount_percent) / 100 / data.products[line.product_id].list_price
        for order in data.orders
        for line in order.lines
    ]
    raised = [line.unit_price / data.products[line.product_id].list_price for o in data.orders for line in o.lines]
    down = (1 - min(Decimal(1), *ratios)) * 100
    up = (max(Decimal(1), *raised) - 1) * 100
    # One percent more than needed: the bound is rounded to the cent, and a cent is a lot of a cheap product.
    return down.to_integral_value(ROUND_CEILING) + 1, up.to_integral_value(ROUND_CEILING) + 1


def _percent(amount: Decimal, percent: Decimal) -> Decimal:
    return (amount * percent / 100).quantize(CENT, ROUND_HALF_UP)
