"""What is kept of the catalogue as the cells of files, by the columns that an import reads."""

from collections.abc import Callable, Mapping
from typing import Any

from services.catalog.domain.bulk import cells
from services.catalog.domain.bulk.columns import OF
from services.catalog.domain.bulk.goods import TRANSLATED
from shared.contracts.catalog.bulk import ImportKind
from shared.contracts.catalog.price_lists import AdjustmentKind, Reference

Facts = Mapping[str, Any]
BY_KIND = {
    AdjustmentKind.FIXED: "price",
    AdjustmentKind.PERCENT_OFF: "percent_off",
    AdjustmentKind.AMOUNT_OFF: "amount_off",
}


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
}
