"""Whether the quantities of an order can be taken, and what to take where not (rules 3.2)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from services.catalog.domain.quantities import UNLIMITED, Bounds, Limit, Limits, bounds, step_of, upwards
from shared.contracts.catalog.rules import LIFTED, QtyRule, QuantityBasis, QuantityField, RuleScope
from shared.contracts.values import as_number
from shared.kernel.problems import FieldError


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line: how many of a variant, whose unit can be divided into so many `decimals`."""

    sku: str
    variant_id: UUID
    product_id: UUID
    quantity: Decimal
    decimals: int = 0

    @property
    def step(self) -> Decimal:
        """Return the least of the variant that can be ordered."""
        return step_of(self.decimals)


@dataclass(frozen=True, slots=True)
class Broken:
    """A line (by index) that cannot be taken as it is, which rule it breaks, and what could be taken instead.

    `quantity` is what was tested, the sum over all lines that count together, and `suggested_qty` what that sum could
    be: the nearest above, else below; None where no quantity can be ordered. `min`, `max` and `multiple` are effective.
    The decimals of a unit are broken by a line alone and are no rule's.
    """

    line: int
    sku: str
    field: QuantityField
    rule: UUID | None
    scope: RuleScope | None
    quantity: Decimal
    min: Decimal | None
    max: Decimal | None
    multiple: Decimal | None
    suggested_qty: Decimal | None


@dataclass(frozen=True, slots=True)
class _Sum:
    """Lines that count together, by index: their quantity, its limits, and what was ordered within the period."""

    lines: tuple[int, ...]
    quantity: Decimal
    limits: Limits
    step: Decimal
    taken: Decimal

    @property
    def bounds(self) -> Bounds:
        return bounds(self.limits, self.step, self.taken)

    def broken(self) -> tuple[QuantityField, Limit] | None:
        """Return the first limit that the quantity breaks, and as what."""
        given, left = self.limits, bounds(Limits(self.limits.min, self.limits.max, self.limits.multiple), self.step)
        if given.min and self.quantity < left.lowest:
            return QuantityField.MIN_QTY, given.min
        if given.multiple and self.quantity % left.step:
            return QuantityField.MULTIPLE, given.multiple
        if given.max and left.highest is not None and self.quantity > left.highest:
            return QuantityField.MAX_QTY, given.max
        if given.period and self.quantity + self.taken > given.period.value:
            return QuantityField.PERIOD_QTY, given.period
        return None


def check(lines: Sequence[Wanted], limits: Mapping[UUID, Limits], taken_before: Mapping[UUID, Decimal]) -> list[Broken]:
    """Return what lines break, in their order; the sum over all lines of a variant is tested, or of a product.

    `limits`: by variant, for those that have any. `taken_before`: by variant and by product, what the buyer ordered
    within the period of its limit. Where one variant of a product is ordered alone, limits of both kinds hold for it.
    """
    found = _undivided(lines, limits, taken_before)
    uneven = {one.line for one in found}
    for tested in _sums(lines, limits, taken_before):
        broken = None if uneven.intersection(tested.lines) else tested.broken()
        if broken:
            name, limit = broken
            found += [_broken(line, lines[line].sku, tested, name, limit) for line in tested.lines]
    return sorted(found, key=lambda one: one.line)


def periods(limits: Mapping[UUID, Limits]) -> dict[UUID, int]:
    """Return for each variant with a limit per period how many days back its orders count."""
    return {variant_id: one.period.days for variant_id, one in limits.items() if one.period}


def left_of_one(
    lines: Sequence[Wanted], limits: Mapping[UUID, Limits], taken_before: Mapping[UUID, Decimal]
) -> Bounds | None:
    """Return which quantities of the variant of an only line can be ordered; None where there are several lines."""
    return next(_sums(lines, limits, taken_before)).bounds if len(lines) == 1 else None


def refusal(broken: Sequence[Broken]) -> QtyRule:
    """Return the problem of an order whose lines break rules, each named with what could be ordered."""
    errors = [FieldError(f"/lines/{one.line}/quantity", QtyRule.code, sentence(one)) for one in broken]
    names = ("line", "sku", "field", "rule", "scope", "quantity", "min", "max", "multiple", "suggested_qty")
    items = [{name: _as_json(getattr(one, name)) for name in names} for one in broken]
    return QtyRule(errors=errors, items=items)


def _sums(
    lines: Sequence[Wanted], limits: Mapping[UUID, Limits], taken_before: Mapping[UUID, Decimal]
) -> Iterator[_Sum]:
    of_products: dict[UUID, dict[UUID, list[int]]] = {}
    for index, line in enumerate(lines):
        of_products.setdefault(line.product_id, {}).setdefault(line.variant_id, []).append(index)
    for product_id, variants in of_products.items():
        alone = len(variants) == 1
        for variant_id, indices in variants.items():
            given = limits.get(variant_id, UNLIMITED)
            by_product = alone and given.period is not None and given.period.basis is QuantityBasis.PRODUCT
            taken = taken_before.get(product_id if by_product else variant_id, LIFTED)
            yield _sum(lines, indices, given if alone else given.of(QuantityBasis.VARIANT), taken)
        if not alone:
            together = _together([limits.get(variant_id, UNLIMITED) for variant_id in variants])
            every = sorted(index for indices in variants.values() for index in indices)
            yield _sum(lines, every, together, taken_before.get(product_id, LIFTED))


def _sum(lines: Sequence[Wanted], indices: Sequence[int], given: Limits, taken: Decimal) -> _Sum:
    quantity = sum((lines[index].quantity for index in indices), LIFTED)
    return _Sum(tuple(indices), quantity, given, min(lines[index].step for index in indices), taken)


def _together(limits: Sequence[Limits]) -> Limits:
    """Return what limits a product's quantity: they come from rules about it or above it, so the variants agree."""
    of_product = [one.of(QuantityBasis.PRODUCT) for one in limits]
    names = ("min", "max", "multiple", "period")
    return Limits(*(next((limit for one in of_product if (limit := getattr(one, name))), None) for name in names))


def _undivided(
    lines: Sequence[Wanted], limits: Mapping[UUID, Limits], taken_before: Mapping[UUID, Decimal]
) -> list[Broken]:
    """Return the lines that want a part of what cannot be divided so finely."""
    found = []
    for index, line in enumerate(lines):
        if line.quantity % line.step:
            given, taken = limits.get(line.variant_id, UNLIMITED), taken_before.get(line.variant_id, LIFTED)
            alone = sum(line.variant_id == other.variant_id for other in lines) == 1
            left = bounds(given, line.step, taken)
            suggested = left.suggest(line.quantity) if alone else upwards(line.quantity, line.step)
            fault = QuantityField.DECIMALS
            found.append(Broken(index, line.sku, fault, None, None, line.quantity, None, None, left.step, suggested))
    return found


def _broken(line: int, sku: str, tested: _Sum, name: QuantityField, limit: Limit) -> Broken:
    given, left = tested.limits, tested.bounds
    return Broken(
        line=line,
        sku=sku,
        field=name,
        rule=limit.rule,
        scope=limit.scope,
        quantity=tested.quantity,
        min=left.lowest if given.min else None,
        max=left.highest,
        multiple=left.step if given.multiple else None,
        suggested_qty=left.suggest(tested.quantity),
    )


def sentence(one: Broken) -> str:
    """Return what is wrong with a line, and what to order."""
    if one.suggested_qty is None:
        return f"No quantity of {one.sku} can be ordered as the rules stand; take it off the order."
    if one.field is QuantityField.DECIMALS:
        return f"{one.sku} cannot be divided so finely; order {_as_json(one.suggested_qty)}."
    return f"{_as_json(one.quantity)} of {one.sku} in all cannot be ordered; order {_as_json(one.suggested_qty)}."


def _as_json(value: object) -> object:
    """Return a value as JSON has it: a quantity is a number."""
    if isinstance(value, Decimal):
        return as_number(value)
    return str(value) if isinstance(value, UUID) else value
