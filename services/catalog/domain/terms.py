"""On what terms somebody looks at goods or buys them: everything that a price needs beside the goods themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from services.catalog.domain.availability import StockSight
from services.catalog.domain.book import RuleBook
from services.catalog.domain.prices import Viewer
from services.catalog.domain.pricing.facts import ONE, Goods, ListFacts, Quantities
from services.catalog.domain.pricing.resolve import Price, hidden, resolve
from services.catalog.domain.promotions import PromotionFacts
from services.catalog.domain.shelf import Signature, signed
from shared.contracts.catalog.price_lists import PriceMode


@dataclass(frozen=True)
class Terms:
    """Who looks, by which lists and rules, in which currency, at which moment (UTC).

    `mode`: whether they are told prices with or without tax. `traced`: they are told how each price came about.
    """

    viewer: Viewer
    lists: tuple[ListFacts, ...]
    book: RuleBook
    currency: str
    as_of: datetime
    locale: str = "fr"
    mode: PriceMode = PriceMode.NET
    traced: bool = False

    @cached_property
    def promotions(self) -> list[PromotionFacts]:
        """Return the promotions in force."""
        return self.book.in_force(self.as_of, self.viewer.market)

    @cached_property
    def list_by_id(self) -> dict[UUID, ListFacts]:
        """Return the lists that count, by id."""
        return {facts.id: facts for facts in self.lists}

    @cached_property
    def signature(self) -> Signature:
        """Return what makes two looks at the same version of some goods show the same prices."""
        counting = (
            () if self.viewer.hidden else tuple((facts.id, facts.version, facts.nearness) for facts in self.lists)
        )
        promoted = tuple(one.id for one in self.promotions)
        return signed(
            (
                self.book.stamp,
                counting,
                promoted,
                self.currency,
                self.mode,
                self.viewer.market,
                self.locale,
                self.viewer.hidden,
                self.limited_by,
            )
        )

    @cached_property
    def limited_by(self) -> frozenset[UUID]:
        """Return everything that quantity rules name and this viewer is or belongs to, the public among it."""
        return self.viewer.counting & self.book.limited_ids

    @cached_property
    def shown_stock(self) -> StockSight:
        """Return how this viewer is shown what is left."""
        how = self.book.seen_as(self.viewer.group_ids)
        return StockSight(how, Decimal(self.book.settings.low_band))

    def promoting(self, variant_id: UUID, product_id: UUID, lineage: frozenset[UUID]) -> tuple[PromotionFacts, ...]:
        """Return the promotions in force that some goods are in the scope of."""
        return tuple(one for one in self.promotions if one.covers(variant_id, product_id, lineage))

    def price(self, goods: Goods, quantities: Quantities | None = None) -> Price:
        """Return what one unit of some goods costs on these terms, bought alone unless told otherwise."""
        if self.viewer.hidden is not None:
            return hidden(self.viewer.hidden)
        return resolve(goods, self.currency, self.book.policy, quantities or Quantities())

    def tiers(self, goods: Goods, single: Price, most: int) -> Sequence[tuple[Decimal, Price]]:
        """Return from which quantities on one unit costs otherwise, and what; none where the price is one for all.

        `single`: what one costs that is bought alone. Beyond the `most` first ones none is looked for.
        """
        steps = sorted({row.min_qty for row in goods.rows if row.min_qty > ONE})
        if not steps or self.viewer.hidden is not None:
            return ()
        found: list[tuple[Decimal, Price]] = []
        for step in [ONE, *steps]:
            if len(found) == most:
                break
            price = single if step == ONE else self.price(goods, Quantities(step))
            if price.unit_price is not None and (not found or found[-1][1].unit_price != price.unit_price):
                found.append((step, price))
        return found if len(found) > 1 else ()
