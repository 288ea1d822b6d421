"""Rows of products made part of the assortment: each product with all its rows at once, as a whole or not at all."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.catalog.domain.bulk import goods
from services.catalog.domain.bulk.goods import Assortment, BasePrice, Good, Money, Thing
from services.catalog.domain.bulk.rows import Fault, Report, Row
from services.catalog.domain.bulk.wholes import check_fits, options_for
from services.catalog.domain.prices import too_fine
from services.catalog.domain.products import MOST_VARIANTS
from services.catalog.domain.windows import empty
from shared.contracts.catalog.price_lists import PriceMode
from shared.contracts.catalog.prices import UnitPriceTooFine

Difference = tuple[str, Any, Any]
COMPARED = goods.VARIANT_FIELDS | {"cost": "cost_amount"}


@dataclass(slots=True)
class Draft:
    """What one row would make of a variant."""

    row: Row
    good: Good
    fields: dict[str, Any]
    prices: dict[Money, BasePrice] = field(default_factory=dict)


def place(
    rows: Sequence[Row], assortment: Assortment, currency: str, report: Report, new_id: Callable[[], UUID]
) -> None:
    """Change the assortment as the rows say, and report of each row what became of it. Their SKUs differ.

    `currency` is that of rows that name none. What is changed of it is marked as touched.
    """
    groups: dict[str, list[Row]] = {}
    for row in rows:
        known = assortment.goods.get(row["sku"])
        own = assortment.products[known.product_id].fields["code"] if known else row["sku"]
        groups.setdefault(row["code"] or own, []).append(row)
    for code, group in groups.items():
        _place(code, group, assortment, currency, report, new_id)


def _place(
    code: str, group: Sequence[Row], assortment: Assortment, currency: str, report: Report, new_id: Callable[[], UUID]
) -> None:
    present = assortment.by_code.get(code)
    product = assortment.products[present] if present else goods.new_product(new_id(), code)
    first = group[0]
    drafts: list[Draft] = []
    try:
        fields = _of_product(product, first, assortment)
        for row in group:
            try:
                drafts.append(_draft(row, first, product, fields["name"], assortment, len(drafts), currency, new_id))
            except Fault as fault:
                report.refuse(row, fault)
        if drafts:
            fields["options"] = _whole(product, fields, drafts, assortment)
    except Fault as fault:
        for row in [draft.row for draft in drafts] or group:
            report.refuse(row, fault)
        return
    if drafts:
        _record(product, fields, drafts, assortment, report)


def _of_product(product: Thing, row: Row, assortment: Assortment) -> dict[str, Any]:
    """Return a product's fields once its first row has had its say. Raises Fault."""
    given = dict(row.given)
    if unknown := [code for code in given.get("categories") or () if code not in assortment.categories]:
        raise Fault("CATEGORY_UNKNOWN", f"There is no category {unknown[0]}; create it first.", "categories")
    if given.get("categories"):
        given["categories"] = sorted({assortment.categories[code] for code in given["categories"]})
    if given.get("name") is None and (product.new or "name" in given):
        raise Fault("NAME_MISSING", "A product needs a name; fill it in on its first row.", "name")
    fields = product.fields | goods.filled(given, goods.PRODUCT_FIELDS)
    fields["translations"] = goods.translations(product.fields["translations"], given)
    if empty(fields["published_from"], fields["published_until"]):
        message = "The end must be later than the start; change one, or leave one empty."
        raise Fault("WINDOW_EMPTY", message, "published_until")
    return fields


def _draft(
    row: Row,
    first: Row,
    product: Thing,
    name: str,
    assortment: Assortment,
    behind: int,
    currency: str,
    new_id: Callable[[], UUID],
) -> Draft:
    known = assortment.goods.get(row["sku"])
    if known and known.product_id != product.id:
        other = assortment.products[known.product_id].fields["code"]
        raise Fault("SKU_TAKEN", f"The SKU is a variant of {other}; write that code, or leave the cell empty.", "code")
    if row is not first:
        _check_agrees(row, first)
    siblings = assortment.of_product[product.id]
    position = max((one.fields["position"] for one in siblings), default=-1) + 1 + behind
    good = known or goods.new_good(new_id(), product.id, row["sku"], position)
    if good.new and len(siblings) + behind >= MOST_VARIANTS:
        raise Fault("TOO_MANY_VARIANTS", f"A product has at most {MOST_VARIANTS} variants; make another of some.")
    money = row["currency"] or currency
    fields = good.fields | goods.filled(row.given, goods.VARIANT_FIELDS)
    if not fields["name"] or (fields["name"] == product.fields["name"] and "variant_name" not in row.given):
        fields["name"] = name
    cost = row["cost"]
    # An empty cell says nothing of a cost in another currency.
    if cost is not None or ("cost" in row.given and fields["cost_currency"] == money):
        fields |= {"cost_amount": cost, "cost_currency": None if cost is None else money}
    return Draft(row, good, fields, good.prices | priced(row, good, money, assortment.scale))


def _check_agrees(row: Row, first: Row) -> None:
    for column in goods.OF_PRODUCT:
        if row[column] is not None and row[column] != first[column]:
            message = f"Row {first.number} says otherwise of the same product; leave the cell empty or say the same."
            raise Fault("ROWS_CONTRADICT", message, column)


def priced(row: Row, good: Good, currency: str, scale: int | None) -> dict[Money, BasePrice]:
    """Return what a row makes a variant cost; nothing where it says nothing of it. Raises Fault.

    `currency` is that of the row's amounts; they are without tax, unless the row says otherwise, and no
    finer than it, or than `scale`.
    """
    mode = PriceMode(row["price_mode"] or PriceMode.NET)
    present = good.prices.get((currency, mode))
    amount = row["price"] if row["price"] is not None else present and present.amount
    beside = {
        name: row[name] if name in row.given else present and getattr(present, name.removesuffix("_price"))
        for name in ("original_price", "floor")
    }
    if amount is None:
        if good.new or any(beside.values()):
            raise Fault("PRICE_MISSING", f"It has no {mode} price in {currency}; fill it in.", "price")
        return {}
    wanted = BasePrice(amount, beside["original_price"], beside["floor"])
    if wanted == present:
        return {(currency, mode): present}
    for column in ("price", *beside):
        if row[column] is not None and (remedy := too_fine(row[column], currency, scale)):
            raise Fault(UnitPriceTooFine.code, remedy, column)
    if beside["floor"] is not None and beside["floor"] > amount:
        raise Fault("FLOOR_ABOVE_PRICE", "It is never sold below its floor; lower that, or raise the price.", "floor")
    return {(currency, mode): wanted}


def _whole(
    product: Thing, fields: Mapping[str, Any], drafts: Sequence[Draft], assortment: Assortment
) -> list[dict[str, Any]]:
    """Return the options a product needs once its rows have had their say. Raises Fault for what it cannot become."""
    changed = {draft.good.id: draft for draft in drafts}
    standing = assortment.of_product[product.id]
    names = (product.fields["name"], fields["name"])
    after = [changed[one.id].fields if one.id in changed else goods.renamed(one.fields, *names) for one in standing]
    new = [draft for draft in drafts if draft.good.new]
    after += [draft.fields for draft in new]
    options = list(fields["options"])
    if any(draft.good.new or not _chosen_as_before(draft) for draft in drafts) and (
        options or any(one["options"] for one in after)
    ):
        options = options_for(options, after)
    prices = [changed[one.id].prices if one.id in changed else one.prices for one in standing]
    check_fits({**fields, "options": options}, after, sum(map(len, [*prices, *(draft.prices for draft in new)])))
    return options


def _chosen_as_before(draft: Draft) -> bool:
    before = draft.good.fields
    return all(draft.fields[name] == before[name] for name in ("options", "status"))


def _record(
    product: Thing, fields: dict[str, Any], drafts: Sequence[Draft], assortment: Assortment, report: Report
) -> None:
    # Of what is new nobody asks what is other than before, unless it is to be told.
    looked = report.tells or not product.new
    of_product = list(_product_differences(product.fields, fields, assortment.categories)) if looked else []
    product.touched |= bool(of_product) or fields["options"] != product.fields["options"] or product.new
    for good in assortment.of_product[product.id]:
        renamed = goods.renamed(good.fields, product.fields["name"], fields["name"])
        good.touched |= renamed is not good.fields
        good.fields = renamed
    product.fields = fields
    if product.id not in assortment.products:
        assortment.put_product(product)
    for draft in drafts:
        good = draft.good
        of_variant = list(_variant_differences(good, draft)) if report.tells or not good.new else []
        new = good.new and good.fields["sku"] not in assortment.goods
        good.touched |= good.new or bool(of_variant)
        good.priced |= {money for money, cost in draft.prices.items() if good.prices.get(money) != cost}
        good.fields, good.prices = draft.fields, draft.prices
        if new:
            assortment.put_good(good)
        product.touched |= good.touched
        report.note(draft.row.number, new=new, differences=of_product + of_variant)
        of_product = []


def _product_differences(
    before: Mapping[str, Any], after: Mapping[str, Any], categories: Mapping[str, UUID]
) -> Iterator[Difference]:
    for column, name in goods.PRODUCT_FIELDS.items():
        if before[name] == after[name]:
            continue
        if column != "categories":
            yield column, before[name], after[name]
        elif set(before[name]) != set(after[name]):
            old, new = ([code for code, id_ in categories.items() if id_ in side[name]] for side in (before, after))
            yield column, old, new
    if before["translations"] == after["translations"]:
        return
    for column in goods.TRANSLATED:
        what, _, locale = column.rpartition("_")
        old, new = (side["translations"].get(locale, {}).get(what) for side in (before, after))
        if old != new:
            yield column, old, new


def _variant_differences(good: Good, draft: Draft) -> Iterator[Difference]:
    for column, name in COMPARED.items():
        if good.fields[name] != draft.fields[name]:
            yield column, good.fields[name], draft.fields[name]
    if good.fields["cost_currency"] != draft.fields["cost_currency"] and good.fields["cost_currency"]:
        yield "currency", good.fields["cost_currency"], draft.fields["cost_currency"]
    yield from price_differences(good, draft.prices)


def price_differences(good: Good, prices: Mapping[Money, BasePrice]) -> Iterator[Difference]:
    """Yield what is other in new prices of a variant than in those it has."""
    for money, cost in prices.items():
        before = good.prices.get(money) or (None, None, None)
        for column, old, new in zip(("price", "original_price", "floor"), before, cost, strict=True):
            if old != new:
                yield column, old, new
