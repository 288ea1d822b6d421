"""What is kept of the catalogue as the cells of files, by the columns that an import reads; and where a page ends."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from services.catalog.domain.bulk import cells
from services.catalog.domain.bulk.columns import OF
from services.catalog.domain.bulk.goods import TRANSLATED
from shared.contracts.catalog.bulk import ImportKind
from shared.contracts.catalog.price_lists import AdjustmentKind, Reference
from shared.kernel.cursors import opened
from shared.kernel.problems import FieldError, Malformed

Facts = Mapping[str, Any]
NAME = r"[^\x00-\x1f\x7f]{1,64}"
NUMBERED = re.compile(r"00[0-9]{18}")
PLACES = {
    ImportKind.PRODUCTS: re.compile(rf"{NAME}\x1f[0-9]{{5}}"),
    ImportKind.PRICES: re.compile(rf"{NAME}\x1f(?:net|gross)"),
    ImportKind.STOCK: re.compile(rf"{NAME}\x1f{NAME}"),
    ImportKind.CATEGORIES: re.compile(rf"[0-9]{{3}}\x1f{NAME}"),
    ImportKind.QUANTITY_RULES: NUMBERED,
}
"""The keys of rows, as the statements of an export write them; those of a price list are numbers."""
BY_KIND = {
    AdjustmentKind.FIXED: "price",
    AdjustmentKind.PERCENT_OFF: "percent_off",
    AdjustmentKind.AMOUNT_OFF: "amount_off",
}


def place(cursor: str | None, kind: ImportKind, *, listed: bool) -> str:
    """Return the key behind which a page of an export begins, "" for the first page. Raises Malformed.

    `listed`: of the rows of a price list.
    """
    if cursor is None:
        return ""
    try:
        key = opened(cursor)
    except ValueError:
        key = ""
    if not (NUMBERED if listed and kind is ImportKind.PRICES else PLACES[kind]).fullmatch(key):
        fault = FieldError("/cursor", "CURSOR_INVALID", "Use the cursor of the page before, or none for the first.")
        raise Malformed("The cursor is not one of this export.", errors=[fault])
    return key


def written(kind: ImportKind, row: Facts, currency: str) -> list[str]:
    """Return a row as its cells, none of which a spreadsheet takes for a formula. `currency` is that of amounts."""
    facts = TOLD[kind](row, currency)
    return [cells.disarmed(cells.written(facts.get(column.name))) for column in OF[kind]]


def _product(row: Facts, currency: str) -> Facts:
    said = {f"{what}_{locale}": text for locale, texts in row["translations"].items() for what, text in texts.items()}
    order = [option["code"] for option in row["all_options"]]
    options = {code: row["options"][code] for code in order if code in row["options"]}
    # An amount in another currency cannot stand in this row: it is left to the export in that currency.
    cost = row["cost_amount"] if row["cost_currency"] == currency else None
    told = {name: said.get(name) for name in TRANSLATED}
    return {**row, **told, "options": options, "cost": cost, "currency": currency}


def _price(row: Facts, currency: str) -> Facts:
    if "kind" not in row:
        return row
    kind = AdjustmentKind(row["kind"])
    reference = None if row["reference"] == Reference.BASE else row["reference"]
    return {**row, BY_KIND[kind]: row["value"], "reference": reference}


def _category(row: Facts, currency: str) -> Facts:
    return {**row, **{f"name_{locale}": text for locale, text in row["translations"].items()}}


TOLD: Mapping[ImportKind, Callable[[Facts, str], Facts]] = {
    ImportKind.PRODUCTS: _product,
    ImportKind.PRICES: _price,
    ImportKind.STOCK: lambda row, currency: row,
    ImportKind.CATEGORIES: _category,
    ImportKind.QUANTITY_RULES: lambda row, currency: row,
}
