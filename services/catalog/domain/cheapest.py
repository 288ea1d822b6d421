"""What the cheapest variant of each of many products costs somebody, by the one function that computes prices."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from services.catalog.domain.price_orders import AMOUNT, UNPRICED, units
from services.catalog.domain.pricing.facts import Base, Goods, RowFacts
from services.catalog.domain.reach import Reach
from services.catalog.domain.terms import Terms
from shared.contracts.catalog.price_lists import Scope

ID = 16  # bytes
ANY_VARIANT = UUID(int=1)
"""What stands for a variant where it does not matter which one it is."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Variants for which one price is computed, as no rule tells them apart; `products` are the ids of theirs, packed.

    `rows` are those about each variant or its product alone, equal but for their targets. `variant_id`: of the one that
    a promotion names, or whose product it does.
    """

    products: bytes
    category_ids: tuple[UUID, ...]
    base: Base | None
    cost: Decimal | None
    rows: tuple[RowFacts, ...] = ()
    variant_id: UUID | None = None


class Cheapest:
    """Prices of one unit on the same terms. `general`: the rows of price lists about categories and everything."""

    def __init__(self, terms: Terms, general: Iterable[RowFacts]) -> None:
        self._terms, self._general = terms, tuple(general)
        self._of_places: dict[tuple[UUID, ...], tuple[dict[UUID, int], tuple[RowFacts, ...]]] = {}
        self._lowest: dict[bytes, int] = {}

    def add(self, alike: Alike) -> None:
        """Take some variants into account."""
        price = self._terms.price(self._goods(alike)).unit_price
        amount = units(price.amount if price else None)
        lowest = self._lowest
        for at in range(0, len(alike.products), ID):
            product = alike.products[at : at + ID]
            if amount < lowest.get(product, UNPRICED):
                lowest[product] = amount

    def of(self, products: Iterable[UUID]) -> list[bytes]:
        """Return products as an order keeps them, in no order; those of which no variant was added have no price."""
        return [self._lowest.get(id_.bytes, UNPRICED).to_bytes(AMOUNT, "big") + id_.bytes for id_ in products]

    def _goods(self, alike: Alike) -> Goods:
        terms = self._terms
        places, general = self._at(alike.category_ids)
        variant_id, product_id = alike.variant_id or ANY_VARIANT, UUID(bytes=alike.products[:ID])
        return Goods(
            variant_id=variant_id,
            product_id=product_id,
            base=alike.base,
            places=places,
            cost=alike.cost,
            rows=general + alike.rows,
            promotions=terms.promoting(variant_id, product_id, frozenset(places)) if terms.promotions else (),
            mode=terms.mode,
        )

    def _at(self, category_ids: tuple[UUID, ...]) -> tuple[dict[UUID, int], tuple[RowFacts, ...]]:
        found = self._of_places.get(category_ids)
        if found is None:
            places = self._terms.book.places(category_ids)
            rows = tuple(row for row in self._general if row.scope is Scope.ALL or row.target_id in places)
            found = self._of_places[category_ids] = places, rows
        return found


def priced_by(terms: Terms) -> tuple[object, ...]:
    """Return what makes two callers pay the same for the same products, whatever these are."""
    lists = () if terms.viewer.hidden else tuple((one.id, one.version, one.nearness) for one in terms.lists)
    promoted = tuple(one.id for one in terms.promotions)
    return terms.book.stamp, lists, promoted, terms.currency, terms.mode, terms.viewer.hidden is None


def reached(terms: Terms, general: Iterable[RowFacts]) -> Reach:
    """Return the goods that promotions in force or `general` rows are about; of categories also all those below."""
    of: dict[Scope, set[UUID]] = {scope: set() for scope in Scope}
    for row in general:
        of[row.scope].add(row.target_id)
    for promotion in terms.promotions:
        of[promotion.scope].update(promotion.target_ids)
    named = of[Scope.CATEGORY]
    return Reach(
        everything=bool(of[Scope.ALL]) or any(one.scope is Scope.ALL for one in terms.promotions),
        variant_ids=tuple(of[Scope.VARIANT]),
        product_ids=tuple(of[Scope.PRODUCT]),
        category_ids=tuple(id_ for id_, path in terms.book.tree.items() if not named.isdisjoint(path)),
    )
