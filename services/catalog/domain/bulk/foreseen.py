"""What rows of a file that was only checked would change, where rows far below them are judged by it.

A file is checked in pieces and nothing is written meanwhile: each piece is told what those before it came to. As it is
kept: by id, in values that JSON has.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from services.catalog.domain.bulk.counting import Pile
from services.catalog.domain.bulk.goods import Assortment, new_good
from services.catalog.domain.bulk.limiting import Pair, Ruled
from services.catalog.domain.movements import Move
from services.catalog.domain.quantities import QuantityFacts
from shared.contracts.catalog.price_lists import Scope

Said = Mapping[UUID, Mapping[str, Any]]
CHOSEN = ("options", "status")
MOVED = "moved"
RULES: TypeAdapter[dict[UUID, QuantityFacts | None]] = TypeAdapter(dict[UUID, QuantityFacts | None])

Chosen = dict[str, list[Any]]


def chosen(assortment: Assortment) -> Chosen:
    """Return what tells variants apart, by SKU."""
    return {sku: [good.fields[name] for name in CHOSEN] for sku, good in assortment.goods.items()}


def choose(assortment: Assortment, earlier: Said) -> None:
    """Let variants have what rows before chose for them, and products the variants that those would make."""
    for product_id, said in earlier.items():
        for sku, values in said.items():
            fields = dict(zip(CHOSEN, values, strict=True))
            good = assortment.goods.get(sku)
            if good is None:
                siblings = assortment.of_product[product_id]
                good = new_good(product_id, product_id, sku, siblings[-1].fields["position"] + 1 if siblings else 0)
                siblings.append(good)
            good.fields = good.fields | fields


def choices(assortment: Assortment, before: Chosen, earlier: Said) -> Said:
    """Return what rows chose for variants of products that stand already, together with what was chosen earlier."""
    found: dict[UUID, dict[str, Any]] = {}
    for sku, after in chosen(assortment).items():
        product_id = assortment.goods[sku].product_id
        if after != before.get(sku) and not assortment.products[product_id].new:
            found.setdefault(product_id, dict(earlier.get(product_id, {})))[sku] = after
    return found


def move(piles: Iterable[Pile], earlier: Said) -> None:
    """Let so much more or less be there as rows before counted."""
    for pile in piles:
        moved = Decimal(earlier.get(pile.level.variant_id, {}).get(MOVED, 0))
        pile.level = replace(pile.level, on_hand=pile.level.on_hand + moved)


def moves(done: Sequence[Move], earlier: Said) -> Said:
    """Return how much more or less rows counted, together with what was counted earlier."""
    found: dict[UUID, Decimal] = {}
    for one in done:
        before = Decimal(earlier.get(one.variant_id, {}).get(MOVED, 0))
        found[one.variant_id] = found.get(one.variant_id, before) + one.quantity
    return {id_: {MOVED: str(moved)} for id_, moved in found.items()}


def about(earlier: Said) -> set[Pair]:
    """Return what the rules of rows before were about."""
    return {(Scope(said["scope"]), id_) for id_, said in earlier.items()}


def rule(ruled: Ruled, earlier: Said) -> None:
    """Let the rules be there that rows before said, and those be gone that they deleted."""
    for target_id, said in earlier.items():
        for buyer_id, one in RULES.validate_python(said["rules"]).items():
            ruled.stand(target_id, buyer_id, one)


def rules(ruled: Ruled, earlier: Said) -> Said:
    """Return the rules that rows said and deleted, together with what was said earlier."""
    found: dict[UUID, dict[str, Any]] = {}
    for (scope, target_id, buyer_id), one in ruled.said.items():
        before = earlier.get(target_id, {}).get("rules", {})
        kept = found.setdefault(target_id, {"scope": scope.value, "rules": dict(before)})
        kept["rules"] |= RULES.dump_python({buyer_id: one}, mode="json")
    return found
