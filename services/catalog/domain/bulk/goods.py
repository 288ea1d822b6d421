"""What rows of products make of the catalogue: products by code, their variants by SKU, what those cost everyone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from shared.contracts.catalog.price_lists import PriceMode
from shared.contracts.catalog.products import ProductStatus, TaxCategory

NOWHERE = UUID(int=0)
LOCALES = ("fr", "en")
# Columns of a file by the field they fill; translations are gathered from several.
PRODUCT_FIELDS = {
    "name": "name",
    "description": "description",
    "categories": "category_ids",
    "attributes": "attributes",
    "perishable": "perishable",
    "status": "status",
    "published_from": "published_from",
    "published_until": "published_until",
}
VARIANT_FIELDS = {
    "variant_name": "name",
    "options": "options",
    "variant_status": "status",
    **{name: name for name in ("barcode", "tax_category", "commissionable", "unit", "quantity_decimals")},
    **{name: name for name in ("weight", "length", "width", "height")},
}
TRANSLATED = [f"{name}_{locale}" for locale in LOCALES for name in ("name", "description")]
OF_PRODUCT = (*PRODUCT_FIELDS, *TRANSLATED)
# What an emptied cell leaves; what is not here becomes None.
EMPTIED: Mapping[str, Any] = {
    "description": "",
    "category_ids": [],
    "attributes": {},
    "perishable": False,
    "status": ProductStatus.ACTIVE.value,
    "options": {},
    "tax_category": TaxCategory.STANDARD.value,
    "commissionable": True,
    "unit": "piece",
    "quantity_decimals": 0,
}


Money = tuple[str, PriceMode]
"""In what a price is: a currency, without tax or with it."""


class BasePrice(NamedTuple):
    """What a variant costs everyone in one currency, without tax or with it."""

    amount: Decimal
    original: Decimal | None
    floor: Decimal | None


@dataclass(slots=True)
class Thing:
    """A product or a variant: its fields as they are kept; `new` until it is written for the first time."""

    id: UUID
    fields: dict[str, Any]
    new: bool = False
    touched: bool = False


@dataclass(slots=True)
class Good(Thing):
    """A variant of a product, with its prices; `priced`: those new or other than before; `dropped`: those deleted."""

    product_id: UUID = NOWHERE
    prices: dict[Money, BasePrice] = field(default_factory=dict)
    priced: set[Money] = field(default_factory=set)
    dropped: set[Money] = field(default_factory=set)


@dataclass(slots=True)
class Assortment:
    """The products that some rows are about, as they stand, and all their variants in order.

    `scale`: how many decimals their prices may have, where that is more than their currency has.
    """

    products: dict[UUID, Thing] = field(default_factory=dict)
    by_code: dict[str, UUID] = field(default_factory=dict)
    goods: dict[str, Good] = field(default_factory=dict)
    of_product: defaultdict[UUID, list[Good]] = field(default_factory=lambda: defaultdict(list))
    categories: dict[str, UUID] = field(default_factory=dict)
    scale: int | None = None

    def put_product(self, thing: Thing) -> None:
        """Take a product in."""
        self.products[thing.id] = thing
        self.by_code[thing.fields["code"]] = thing.id

    def put_good(self, good: Good) -> None:
        """Put a variant behind the others of its product."""
        self.goods[good.fields["sku"]] = good
        self.of_product[good.product_id].append(good)


def new_product(id_: UUID, code: str) -> Thing:
    """Return a product without anything said of it."""
    fields: dict[str, Any] = dict.fromkeys(("name", "published_from", "published_until"))
    fields |= {"code": code, "description": "", "translations": {}, "options": [], "attributes": {}}
    fields |= {"category_ids": [], "perishable": False, "status": ProductStatus.ACTIVE.value}
    return Thing(id_, fields, new=True)


def new_good(id_: UUID, product_id: UUID, sku: str, position: int) -> Good:
    """Return a variant without anything said of it."""
    fields: dict[str, Any] = dict.fromkeys((*VARIANT_FIELDS.values(), "cost_amount", "cost_currency"))
    fields |= {name: value for name, value in EMPTIED.items() if name in fields}
    return Good(id_, fields | {"sku": sku, "position": position}, new=True, product_id=product_id)


def filled(given: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields that a row gives, by column and field name; what an empty cell says among them."""
    return {
        names[column]: EMPTIED.get(names[column]) if value is None else value
        for column, value in given.items()
        if column in names
    }


def renamed(fields: dict[str, Any], before: str | None, after: str) -> dict[str, Any]:
    """Return a variant's fields; one that is called like its product, `before`, is called as that is to be."""
    return fields | {"name": after} if fields["name"] == before != after else fields


def translations(present: Mapping[str, Mapping[str, str]], given: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return a product's texts by locale once a row has had its say; what is empty is no text."""
    found = {locale: dict(texts) for locale, texts in present.items()}
    if given.keys().isdisjoint(TRANSLATED):
        return found
    for name in TRANSLATED:
        if name not in given:
            continue
        what, _, locale = name.rpartition("_")
        texts = found.setdefault(locale, {})
        texts.pop(what, None)
        if given[name] is not None:
            texts[what] = given[name]
    return {locale: texts for locale, texts in found.items() if any(texts.values())}


def widened(options: Sequence[Mapping[str, Any]], chosen: Iterable[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Return a product's options with every value that its variants choose; a code never heard of becomes one."""
    found = {one["code"]: dict(one) | {"values": list(one["values"])} for one in options}
    for choice in chosen:
        for code, value in choice.items():
            option = found.setdefault(code, {"code": code, "name": code.capitalize(), "values": []})
            if value not in option["values"]:
                option["values"].append(value)
    return list(found.values())
