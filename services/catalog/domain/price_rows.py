"""What makes the rows of a price list acceptable: targets that exist, values that make sense, no quantity twice."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from services.catalog.domain.prices import PUBLIC, too_fine
from shared.contracts.catalog.categories import CategoryNotFound
from shared.contracts.catalog.price_lists import AdjustmentKind, PriceLevel, Reference, Scope
from shared.contracts.catalog.price_rows import NewPriceRow, PriceRowsInvalid
from shared.contracts.catalog.prices import UnitPriceTooFine, VariantNotFound
from shared.contracts.catalog.products import ProductNotFound
from shared.contracts.values import plain
from shared.kernel.money import UnitPrice
from shared.kernel.problems import FieldError

PERCENT_DECIMALS = 4
UNKNOWN: Mapping[Scope, tuple[str, str]] = {
    Scope.VARIANT: (VariantNotFound.code, "There is no variant with this SKU."),
    Scope.PRODUCT: (ProductNotFound.code, "There is no product with this code."),
    Scope.CATEGORY: (CategoryNotFound.code, "There is no category with this code."),
}

Known = Mapping[tuple[Scope, str], UUID]
"""The ids of targets, by scope and SKU or code."""


def checked(
    rows: Sequence[NewPriceRow], level: PriceLevel, currency: str, known: Known, scale: int | None = None
) -> list[tuple[UUID, NewPriceRow]]:
    """Return each row with the id of its target. Raises PriceRowsInvalid naming every fault by row.

    The rows of a quote are fixed prices, and they alone may have a greatest quantity. `scale`: how many decimals
    amounts may have, where that is more than their currency has.
    """
    faults: list[FieldError] = []
    found: dict[tuple[UUID, Decimal], NewPriceRow] = {}
    for at, row in enumerate(rows):
        faults += [_at(at, fault) for fault in _row_faults(row, level, currency, scale)]
        id_ = row_target(row, known)
        if id_ is None:
            faults.append(_at(at, _no_target(row)))
        elif (id_, row.min_qty) in found:
            message = "Another row is about the same target from the same quantity on; leave one out."
            faults.append(_at(at, FieldError("min_qty", "MIN_QTY_TWICE", message)))
        else:
            found[id_, row.min_qty] = row
    if faults:
        raise PriceRowsInvalid(errors=faults)
    return [(id_, row) for (id_, _), row in found.items()]


def row_target(row: NewPriceRow, known: Known) -> UUID | None:
    """Return the id of what a row is about; None where there is no such thing, or where it should name none."""
    if row.scope is Scope.ALL:
        return PUBLIC if row.target is None else None
    return known.get((row.scope, row.target or ""))


def value_fault(
    kind: AdjustmentKind, value: Decimal, currency: str | None, scale: int | None = None
) -> FieldError | None:
    """Return what is wrong with an amount of a currency, or with a percent; None where nothing is."""
    if value < 0:
        return FieldError("value", "VALUE_NEGATIVE", "The value must not be below zero.")
    if kind is AdjustmentKind.PERCENT_OFF:
        if value > 100 or value != round(value, PERCENT_DECIMALS):
            return FieldError("value", "PERCENT_INVALID", "A percent is from 0 to 100 with at most four decimals.")
        return None
    if currency and (remedy := too_fine(value, currency, scale)):
        return FieldError("value", UnitPriceTooFine.code, remedy)
    try:
        UnitPrice(value, currency or "EUR")
    except ValueError as error:
        return FieldError("value", "AMOUNT_INVALID", f"{str(error).capitalize()}.")
    return None


def check_fineness(price: UnitPrice, pointer: str, scale: int | None) -> None:
    """Refuse a price that has more decimals than the shop sells by. Raises UnitPriceTooFine."""
    if remedy := too_fine(price.amount, price.currency, scale):
        raise UnitPriceTooFine(errors=[FieldError(pointer, UnitPriceTooFine.code, remedy)])


def written(kind: AdjustmentKind, value: Decimal, currency: str | None) -> Decimal:
    """Return a value with as many decimals as it is written with: an amount at least those of its currency."""
    if kind is not AdjustmentKind.PERCENT_OFF and currency is not None:
        return UnitPrice(value, currency).amount
    return plain(value)


def _row_faults(row: NewPriceRow, level: PriceLevel, currency: str, scale: int | None) -> Iterator[FieldError]:
    if fault := value_fault(row.kind, row.value, currency, scale):
        yield fault
    if row.kind is AdjustmentKind.FIXED and row.reference is not Reference.BASE:
        yield FieldError("reference", "REFERENCE_UNUSED", "A fixed price takes nothing off; leave the reference out.")
    if level is PriceLevel.QUOTE and row.kind is not AdjustmentKind.FIXED:
        yield FieldError("kind", "QUOTE_NOT_FIXED", "The rows of a quote are fixed prices.")
    if row.max_qty is not None and level is not PriceLevel.QUOTE:
        yield FieldError("max_qty", "MAX_QTY_IN_QUOTES_ONLY", "Only the rows of a quote have a greatest quantity.")
    if row.max_qty is not None and row.max_qty < row.min_qty:
        yield FieldError("max_qty", "MAX_QTY_TOO_LOW", "The greatest quantity must not be below the least.")


def _no_target(row: NewPriceRow) -> FieldError:
    if row.scope is Scope.ALL:
        return FieldError("target", "TARGET_UNUSED", "A row about all goods names no target.")
    return FieldError("target", *UNKNOWN[row.scope])


def _at(at: int, fault: FieldError) -> FieldError:
    return FieldError(f"/rows/{at}/{fault.pointer}", fault.code, fault.message)
