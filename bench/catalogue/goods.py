"""Goods made up from numbers: the same number is the same product, with one variant, in a shop of any size."""

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import IntEnum
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
ROOTS, BRANCHES, LEAVES = 8, 32, 160
CATEGORIES = ROOTS + BRANCHES + LEAVES
COLLECTIONS = 300
SCARCE = range(10, 50)
"""Goods of which five are there."""
FEW, PLENTY = Decimal(5), Decimal(1_000_000)
CONSONANTS, VOWELS = "bcdfglmnprstv", "aeiou"
NOUNS = ("Chaise", "Table", "Lampe", "Étagère", "Fauteuil", "Armoire", "Bureau", "Tabouret", "Miroir", "Canapé")
ADJECTIVES = ("pliable", "de jardin", "d'atelier", "à tiroirs", "moderne", "d'angle", "rustique")
ENGLISH = ("chair", "table", "lamp", "shelf", "armchair", "wardrobe", "desk", "stool", "mirror", "sofa")
ATTRIBUTES = {
    "brand": ("Aubier", "Boréal", "Cormier", "Delmas", "Estuaire", "Faubourg", "Garance", "Hêtraie"),
    "colour": ("Blanc", "Noir", "Chêne", "Vert", "Bleu", "Rouge"),
    "material": ("Acier", "Bois", "Verre", "Tissu", "Cuir", "Rotin"),
}


class Kind(IntEnum):
    """What an id is the id of; it stands in the id, so that two kinds never share one."""

    CATEGORY = 1
    PRODUCT = 2
    VARIANT = 3
    MOVEMENT = 4
    LIST = 5
    ROW = 6
    PROMOTION = 7
    RULE = 8
    STRANGER = 9


class Rows(NamedTuple):
    """Rows of a table, in the order of these columns."""

    table: str
    columns: tuple[str, ...]
    rows: Iterable[tuple[Any, ...]]


def id_of(kind: Kind, number: int) -> UUID:
    """Return a UUIDv7 of the moment a thing of this number was made, as the house's own ids are."""
    moment = int(created_at(number).timestamp() * 1000)
    return UUID(int=moment << 80 | 0x7 << 76 | kind << 64 | 0x2 << 62 | number)


def created_at(number: int) -> datetime:
    """Return when a thing of this number was made: one a minute."""
    return FIRST + timedelta(minutes=number)


def sku_of(number: int) -> str:
    """Return the SKU of a variant."""
    return f"CAT-{number:06}"


@cache
def collections() -> tuple[str, ...]:
    """Return words of eight letters that nobody else uses; each names one product in three hundred."""
    dice, found = random.Random(COLLECTIONS), dict[str, None]()
    while len(found) < COLLECTIONS:
        found["".join(dice.choice(CONSONANTS) + dice.choice(VOWELS) for _ in range(4))] = None
    return tuple(found)


def collection_of(number: int) -> str:
    """Return the collection that a product belongs to."""
    return collections()[_mixed(number) % COLLECTIONS]


def path_of(category: int) -> list[int]:
    """Return the categories above one from the top, and itself: 8 roots, 4 branches each, 5 leaves each."""
    if category < ROOTS:
        return [category]
    above = (category - ROOTS) // 4 if category < ROOTS + BRANCHES else ROOTS + (category - ROOTS - BRANCHES) // 5
    return [*path_of(above), category]


def categories_of(number: int) -> list[int]:
    """Return the leaves that a product stands in: one, every third product two."""
    first = ROOTS + BRANCHES + number % LEAVES
    second = ROOTS + BRANCHES + number * 7 % LEAVES
    return [first, second] if number % 3 == 0 and second != first else [first]


def price_of(number: int) -> Decimal:
    """Return what a variant costs everyone, in euros, before promotions."""
    return Decimal(number % 900 + 5) + Decimal("0.90")


def tree() -> Rows:
    """Return the categories."""
    columns = ("id", "code", "name", "parent_id", "path", "position", "created_at")
    return Rows("categories", columns, [_category(number) for number in range(CATEGORIES)])


def shelves(numbers: Sequence[int], warehouse: UUID) -> Iterator[Rows]:
    """Yield all rows of these goods, in an order that references allow; what they are found by is filled in later."""
    variants = [id_of(Kind.VARIANT, number) for number in numbers]
    actor = json.dumps({"type": "service", "id": None, "name": "bench"})
    yield Rows("products", PRODUCT, (_product(number) for number in numbers))
    yield Rows("variants", VARIANT, (_variant(number) for number in numbers))
    floors = (Decimal(1) if number % 10 == 0 else None for number in numbers)
    prices = zip(variants, map(price_of, numbers), floors, strict=True)
    yield Rows("base_prices", BASE, ((id_, "EUR", price, floor) for id_, price, floor in prices))
    yield Rows("public_prices", ("variant_id", "currency", "amount", "at"), _history(numbers))
    stock = list(zip(numbers, variants, map(_on_hand, numbers), strict=True))
    yield Rows("stocks", ("variant_id", "on_hand"), ((id_, count) for _, id_, count in stock))
    kept = ("variant_id", "warehouse_id", "on_hand")
    yield Rows("warehouse_stocks", kept, ((id_, warehouse, count) for _, id_, count in stock))
    moved = (
        (id_of(Kind.MOVEMENT, number), id_, warehouse, count, "receipt", "Opening stock", actor)
        for number, id_, count in stock
    )
    yield Rows("stock_movements", MOVEMENT, moved)


PRODUCT = (
    *("id", "code", "name", "description", "translations", "attributes", "category_ids", "status"),
    *("created_at", "version"),
)
VARIANT = (
    *("id", "product_id", "position", "sku", "barcode", "name", "tax_category", "commissionable", "weight"),
    *("cost_amount", "cost_currency", "created_at"),
)
BASE = ("variant_id", "currency", "amount", "floor")
MOVEMENT = ("id", "variant_id", "warehouse_id", "quantity", "kind", "reference", "actor")


def _category(number: int) -> tuple[Any, ...]:
    path = [id_of(Kind.CATEGORY, above) for above in path_of(number)]
    above = path[-2] if len(path) > 1 else None
    return path[-1], f"rayon-{number:03}", f"Rayon {number}", above, path, number, created_at(number)


def _product(number: int) -> tuple[Any, ...]:
    mixed, collection = _mixed(number), collection_of(number)
    noun, adjective = NOUNS[mixed // 7 % len(NOUNS)], ADJECTIVES[mixed // 11 % len(ADJECTIVES)]
    english = f"{ENGLISH[mixed // 7 % len(NOUNS)].capitalize()} {collection} no. {number}"
    draws = zip(ATTRIBUTES.items(), (13, 13 * 8, 13 * 48), strict=True)
    attributes = {code: [values[mixed // step % len(values)]] for (code, values), step in draws}
    text = (
        f"{noun} {adjective} de la collection {collection.capitalize()}, de fabrication européenne, en kit. "
        f"Hauteur {mixed % 90 + 40} cm, garantie {mixed % 4 + 2} ans."
    )
    return (
        id_of(Kind.PRODUCT, number),
        sku_of(number),
        f"{noun} {adjective} {collection.capitalize()} {number}",
        text,
        json.dumps({"en": {"name": english}}),
        json.dumps(attributes),
        [id_of(Kind.CATEGORY, leaf) for leaf in categories_of(number)],
        "active",
        created_at(number),
        1,
    )


def _variant(number: int) -> tuple[Any, ...]:
    return (
        *(id_of(Kind.VARIANT, number), id_of(Kind.PRODUCT, number), 1, sku_of(number), f"376{number:010}"),
        *(f"{NOUNS[_mixed(number) // 7 % len(NOUNS)]} {number}", "standard", True, number % 9000 + 100),
        *(price_of(number) / 2, "EUR", created_at(number)),
    )


def _history(numbers: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """Yield what each variant cost everyone: a little more at first."""
    for number in numbers:
        id_, price, made = id_of(Kind.VARIANT, number), price_of(number), created_at(number)
        yield id_, "EUR", price + 1, made
        yield id_, "EUR", price, made + timedelta(days=7)


def _on_hand(number: int) -> Decimal:
    return FEW if number in SCARCE else PLENTY


def _mixed(number: int) -> int:
    """Return a number that has nothing to do with the one given, but is always the same."""
    return (number + 1) * 2_654_435_761 % 2**32 >> 4
