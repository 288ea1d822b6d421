"""Which row of a level counts: of each list the right tier, then priority, scope, price, number (rules 3.1)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from services.catalog.domain.prices import rounded
from services.catalog.domain.pricing.facts import ONE, SCOPES, Goods, Level, Quantities, RowFacts
from shared.contracts.catalog.price_lists import AdjustmentKind, Reference, Scope

HUNDRED = Decimal(100)


class Misfit(NamedTuple):
    """A row that does not count, and why."""

    row: RowFacts
    code: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that counts, and what one unit costs by it; the lower the `rank`, the sooner it wins."""

    row: RowFacts
    amount: Decimal
    rank: tuple[int, int, int, int, Decimal, int]


def of_level(
    level: Level,
    goods: Goods,
    currency: str,
    quantities: Quantities,
    below: Decimal | None,
    scale: int | None = None,
) -> tuple[list[Candidate], list[Misfit]]:
    """Return the rows of a level that count, best first, and those that do not.

    `below`: what the levels below come to. The order of the rows given does not matter.
    """
    fitting: list[RowFacts] = []
    misfits: list[Misfit] = []
    for row in goods.rows:
        if row.list.level is level:
            code = _misfit(row, goods, quantities)
            if code is None:
                fitting.append(row)
            else:
                misfits.append(Misfit(row, code))
    found = []
    for row, tier in _tiers(fitting):
        if row is not tier:
            misfits.append(Misfit(row, "OTHER_TIER"))
        elif (amount := _amount(row, goods, below)) is None:
            misfits.append(Misfit(row, "NO_REFERENCE_PRICE"))
        else:
            exact = rounded(amount, currency, scale)
            found.append(Candidate(row, exact, _rank(row, goods, exact)))
    return sorted(found, key=lambda candidate: candidate.rank), misfits


def _misfit(row: RowFacts, goods: Goods, quantities: Quantities) -> str | None:
    if row.list.mode is not goods.mode:
        return "OTHER_PRICE_MODE"
    quantity = quantities.basis(row.list)
    # Half a kilo is not less than the one unit that a row without a quantity of its own says.
    if max(quantity, ONE) < row.min_qty:
        return "BELOW_MIN_QTY"
    if row.max_qty is not None and quantity > row.max_qty:
        return "ABOVE_MAX_QTY"
    return None


def _tiers(rows: Iterable[RowFacts]) -> Iterator[tuple[RowFacts, RowFacts]]:
    """Yield each row with the tier that counts among those of its list and target: the greatest that is reached."""
    kept = list(rows)
    highest: dict[object, RowFacts] = {}
    for row in kept:
        key = (row.list.number, row.target_id)
        if key not in highest or _tier(highest[key]) < _tier(row):
            highest[key] = row
    return ((row, highest[row.list.number, row.target_id]) for row in kept)


def _tier(row: RowFacts) -> tuple[Decimal, int]:
    """Return what makes a tier come before another: the greater quantity, and of equal ones the older row."""
    return row.min_qty, -row.number


def _amount(row: RowFacts, goods: Goods, below: Decimal | None) -> Decimal | None:
    if row.kind is AdjustmentKind.FIXED:
        return row.value
    base = goods.base.amount if goods.base else None
    reference = below if row.reference is Reference.LOWER_LEVEL else base
    if reference is None:
        return None
    if row.kind is AdjustmentKind.PERCENT_OFF:
        return reference * (HUNDRED - row.value) / HUNDRED
    return max(reference - row.value, Decimal(0))


def _rank(row: RowFacts, goods: Goods, amount: Decimal) -> tuple[int, int, int, int, Decimal, int]:
    distance = goods.places.get(row.target_id, 0) if row.scope is Scope.CATEGORY else 0
    return (row.list.nearness, -row.list.priority, SCOPES[row.scope], distance, amount, row.number)
