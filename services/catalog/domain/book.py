"""The rule book: what of the shop's rules every price, list and search depends on, as one value."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from uuid import UUID

from services.catalog.domain.pricing.facts import Policy
from services.catalog.domain.promotions import PromotionFacts
from services.catalog.domain.visibility import VisibilityFact
from shared.contracts.catalog.catalog_settings import CatalogSettings, PricePolicy
from shared.contracts.catalog.price_lists import PriceMode
from shared.contracts.catalog.rules import Availability


@dataclass(frozen=True)
class RuleBook:
    """The rules as they stand at a `stamp`, which every change of one renews.

    `tree`: each category with the path from the top to itself. `promotions`: the enabled ones, whatever their time.
    `category_rules`: who sees what stands in a category, but for single customers; `product_rules`: whether there are
    any about single products, and `named_ids`: the buyers that these name. `limited_ids`: the buyers that quantity
    rules name. PUBLIC is for everyone. `availability`: how the groups that have terms are shown what is left. `modes`:
    of those groups that say so, whether they are told prices with or without tax. `markets_since`: from when on it is
    known what everyone paid in other markets than the shop's own; None: from the beginning.
    """

    stamp: UUID
    settings: CatalogSettings
    tree: Mapping[UUID, Sequence[UUID]] = field(default_factory=dict)
    promotions: Sequence[PromotionFacts] = ()
    category_rules: Sequence[VisibilityFact] = ()
    product_rules: bool = False
    named_ids: frozenset[UUID] = frozenset()
    limited_ids: frozenset[UUID] = frozenset()
    availability: Mapping[UUID, Availability] = field(default_factory=dict)
    modes: Mapping[UUID, PriceMode] = field(default_factory=dict)
    markets_since: datetime | None = None

    @cached_property
    def policy(self) -> Policy:
        """Return how the shop weighs prices."""
        settings = self.settings
        lowest = settings.price_policy is PricePolicy.LOWEST
        return Policy(lowest, settings.cap_at_public, settings.min_margin_percent, settings.unit_price_scale)

    def places(self, category_ids: Sequence[UUID]) -> dict[UUID, int]:
        """Return how far each category is above those that some goods stand in: 0 for these themselves."""
        found: dict[UUID, int] = {}
        for category_id in category_ids:
            for distance, above in enumerate(reversed(self.tree.get(category_id, ()))):
                found[above] = min(found.get(above, distance), distance)
        return found

    def below(self, category_id: UUID) -> list[UUID]:
        """Return a category and all below it."""
        return [id_ for id_, path in self.tree.items() if category_id in path]

    def in_force(self, at: datetime, market: str | None) -> list[PromotionFacts]:
        """Return the promotions that reduce prices of a market at a moment."""
        return [one for one in self.promotions if one.in_force(at) and one.counts_in(market)]

    def mode_of(self, group_ids: Iterable[UUID]) -> PriceMode:
        """Return whether somebody of these groups is told prices with or without tax.

        Of several groups that say something without wins, as a business wants them; where none does, the shop says.
        """
        told = {self.modes[group_id] for group_id in group_ids if group_id in self.modes}
        if PriceMode.NET in told:
            return PriceMode.NET
        return PriceMode.GROSS if told else self.settings.price_mode

    def known_since(self, market: str | None) -> datetime | None:
        """Return from when on it is known what everyone of a market paid; None: from the first price on."""
        return None if market == self.settings.default_market else self.markets_since

    def seen_as(self, group_ids: Sequence[UUID] | frozenset[UUID]) -> Availability:
        """Return how somebody of these groups is shown what is left: of several groups the most open one counts."""
        told = [self.availability.get(group_id, Availability.EXACT) for group_id in group_ids]
        return min(told, key=list(Availability).index, default=Availability.EXACT)
