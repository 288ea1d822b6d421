"""What rows of prices make of base prices, or of the rows of a price list."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.catalog.domain.bulk.columns import DELETE
from services.catalog.domain.bulk.goods import Assortment, BasePrice, Good, Money
from services.catalog.domain.bulk.products import price_differences, priced
from services.catalog.domain.bulk.rows import Fault, Report, Row
from services.catalog.domain.bulk.wholes import check_fits
from services.catalog.domain.price_rows import UNKNOWN, Known, checked
from services.catalog.domain.prices import PUBLIC
from shared.contracts.catalog.price_lists import AdjustmentKind, PriceLevel, PriceMode, Reference, Scope
from shared.contracts.catalog.price_rows import NewPriceRow, PriceRowsInvalid

IN_LISTS = ("product", "category", "min_qty", "max_qty", "percent_off", "amount_off", "reference")
OF_BASE_PRICES = ("original_price", "floor", "price_mode")
BESIDE_BASE = "only beside a base price; leave the cell empty"
KINDS = {
    "price": AdjustmentKind.FIXED,
    "percent_off": AdjustmentKind.PERCENT_OFF,
    "amount_off": AdjustmentKind.AMOUNT_OFF,
}


NAMED = {"sku": Scope.VARIANT, "product": Scope.PRODUCT, "category": Scope.CATEGORY}
COLUMNS = {kind: column for column, kind in KINDS.items()}
COMPARED = ("max_qty", "kind", "value", "reference")


@dataclass(slots=True)
class Agreed:
    """A price list: its rows by target and quantity, and the ids of what the rows of a file name, the shop's scale."""

    level: PriceLevel
    currency: str
    known: Known
    rows: dict[tuple[UUID, Decimal], Mapping[str, Any]] = field(default_factory=dict)
    scale: int | None = None


def set_base(rows: Sequence[Row], assortment: Assortment, currency: str, report: Report) -> None:
    """Change the base prices of goods, by SKU, as the rows say; what is changed is marked as touched."""
    for row in rows:
        try:
            _nothing_in(row, IN_LISTS, "only in a price list; name one with the import, or leave the cell empty")
            good = assortment.goods.get(row["sku"] or "")
            if good is None:
                raise Fault("SKU_UNKNOWN", "There is no such SKU; import its product first.", "sku")
            if row["action"] == DELETE:
                report.drop(row.number, _withdrawn(row, good, row["currency"] or currency))
                continue
            prices = _base_of(row, good, assortment, row["currency"] or currency)
        except Fault as fault:
            report.refuse(row, fault)
            continue
        differences = list(price_differences(good, prices))
        new = prices.keys() - good.prices.keys()
        good.priced |= {money for money, cost in prices.items() if good.prices.get(money) != cost}
        good.touched, good.prices = good.touched or bool(differences), good.prices | prices
        report.note(row.number, new=bool(new), differences=differences)


def _base_of(row: Row, good: Good, assortment: Assortment, currency: str) -> dict[Money, BasePrice]:
    """Return the base price that a row sets. Raises Fault, also where its product could not be shown with it."""
    prices = priced(row, good, currency, assortment.scale)
    if not prices:
        raise Fault("PRICE_MISSING", "Fill in the price.", "price")
    if prices.keys() - good.prices.keys():
        siblings = assortment.of_product[good.product_id]
        product = assortment.products[good.product_id].fields
        check_fits(product, [one.fields for one in siblings], sum(len(one.prices) for one in siblings) + 1)
    return prices


def _withdrawn(row: Row, good: Good, currency: str) -> Iterator[tuple[str, Any]] | None:
    """Take a base price away, and return what it said; None where there is none any more."""
    money = (currency, PriceMode(row["price_mode"] or PriceMode.NET))
    price = good.prices.pop(money, None)
    if price is None:
        return None
    good.touched = True
    good.dropped.add(money)
    return zip(("price", "original_price", "floor"), price, strict=True)


@dataclass(slots=True)
class Changes:
    """What is to be written of a list: rows new or other than before, each with its target's id; ids to be deleted."""

    put: list[tuple[UUID, NewPriceRow]] = field(default_factory=list)
    gone: list[UUID] = field(default_factory=list)


def set_agreed(rows: Sequence[Row], agreed: Agreed, report: Report) -> Changes:
    """Return what the rows change of a price list."""
    changes = Changes()
    for row in rows:
        try:
            if row["action"] == DELETE:
                _drop(row, agreed, changes, report)
            else:
                _set(row, agreed, changes, report)
        except Fault as fault:
            report.refuse(row, fault)
    return changes


def _drop(row: Row, agreed: Agreed, changes: Changes, report: Report) -> None:
    # Whatever else it says, what tells its price from others must be that of the list.
    _nothing_in(row, ("price_mode",), BESIDE_BASE)
    _check_currency(row, agreed.currency)
    before = agreed.rows.get((_target(row, agreed), row["min_qty"] or Decimal(1)))
    changes.gone += [before["id"]] if before else []
    report.drop(row.number, [(COLUMNS[before["kind"]], before["value"])] if before else None)


def _set(row: Row, agreed: Agreed, changes: Changes, report: Report) -> None:
    wanted = _wanted(row, agreed.currency)
    try:
        ((id_, _),) = checked([wanted], agreed.level, agreed.currency, agreed.known, agreed.scale)
    except PriceRowsInvalid as refusal:
        fault = refusal.errors[0]
        raise Fault(fault.code, fault.message, _column(fault.pointer, wanted)) from None
    before = agreed.rows.get((id_, wanted.min_qty))
    differences = [
        (name, before and before[name], getattr(wanted, name))
        for name in COMPARED
        if before is None or before[name] != getattr(wanted, name)
    ]
    if differences:
        changes.put.append((id_, wanted))
    report.note(row.number, new=before is None, differences=differences)


def _target(row: Row, agreed: Agreed) -> UUID:
    scope, name = about(row)
    if name is None:
        return PUBLIC
    if (scope, name) not in agreed.known:
        code, message = UNKNOWN[scope]
        column = next(column for column, one in NAMED.items() if one is scope)
        raise Fault(code, f"{message} Correct it, or leave the row out.", column)
    return agreed.known[scope, name]


def about(row: Row) -> tuple[Scope, str | None]:
    """Return what a row of a price list names: a SKU, a product, a category, or nothing for all goods. Raises Fault."""
    filled = [column for column in NAMED if row[column] is not None]
    if len(filled) > 1:
        raise Fault("TARGET_TWICE", "A row is about a SKU, a product or a category; leave the others empty.", filled[1])
    return (NAMED[filled[0]], row[filled[0]]) if filled else (Scope.ALL, None)


def named(rows: Sequence[Row]) -> list[tuple[Scope, str | None]]:
    """Return everything that rows of a price list name."""
    return [(scope, row[column]) for row in rows for column, scope in NAMED.items() if row[column] is not None]


def _wanted(row: Row, currency: str) -> NewPriceRow:
    _nothing_in(row, OF_BASE_PRICES, BESIDE_BASE)
    scope, target = about(row)
    _check_currency(row, currency)
    said = [column for column in KINDS if row[column] is not None]
    if len(said) != 1:
        raise Fault("VALUE_MISSING", "Fill in one of price, percent_off and amount_off, and no other.", "price")
    return NewPriceRow(
        scope=scope,
        target=target,
        min_qty=row["min_qty"] or Decimal(1),
        max_qty=row["max_qty"],
        kind=KINDS[said[0]],
        value=row[said[0]],
        reference=row["reference"] or Reference.BASE,
    )


def _check_currency(row: Row, currency: str) -> None:
    if row["currency"] not in (None, currency):
        raise Fault("CURRENCY_DIFFERS", f"The list is in {currency}; write that, or leave the cell empty.", "currency")


def _column(pointer: str, row: NewPriceRow) -> str | None:
    name = pointer.rpartition("/")[2]
    if name in ("value", "kind"):
        return next(column for column, kind in KINDS.items() if kind is row.kind)
    if name == "target":
        return next((column for column, scope in NAMED.items() if scope is row.scope), None)
    return name


def _nothing_in(row: Row, columns: Sequence[str], where: str) -> None:
    for column in columns:
        if row[column] is not None:
            raise Fault("CELL_MISPLACED", f"This counts {where}.", column)
