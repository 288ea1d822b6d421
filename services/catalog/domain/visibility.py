"""Who sees which product: the rule nearest to the viewer decides (rules 3.2).

Customer before group before everyone before the shop's own default. A nearer level that says anything is not overruled
by a farther one: a customer's deny stands against every group's allow. Inside a level a rule about the product comes
before one about a category, a near category before a far one; what is then still equal is decided by an allow. Each of
several groups speaks with its own nearest rule, and among their voices an allow wins.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.catalog.domain.prices import Viewer
from shared.contracts.catalog.price_lists import Scope
from shared.contracts.catalog.rules import BuyerScope
from shared.contracts.catalog.visibility import SightLevel


@dataclass(frozen=True, slots=True)
class VisibilityFact:
    """A rule: `buyer_id` of its scope, PUBLIC for everyone, sees or does not see the product or category `target_id`.

    `number` is its place in the order of making.
    """

    id: UUID
    number: int
    buyer_scope: BuyerScope
    buyer_id: UUID
    scope: Scope
    target_id: UUID
    allow: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a product is visible, which level said so, and by which rule; the shop's default is no rule."""

    visible: bool
    level: SightLevel
    rule: VisibilityFact | None = None


@dataclass(frozen=True, slots=True)
class _Voice:
    """A rule that is about the product, and how far from it: 0 for the product itself, 1 for a category it is in."""

    distance: int
    rule: VisibilityFact

    @property
    def by_nearness(self) -> tuple[int, bool, int]:
        return self.distance, not self.rule.allow, self.rule.number

    @property
    def by_favour(self) -> tuple[bool, int, int]:
        return not self.rule.allow, self.distance, self.rule.number


def decide(
    product_id: UUID,
    category_paths: Collection[Sequence[UUID]],
    rules: Iterable[VisibilityFact],
    viewer: Viewer,
    shop_default: bool = True,
) -> Decision:
    """Return whether a viewer sees a product, and why.

    `category_paths`: of each category the product is in, the categories from the top down to itself. `rules` may hold
    more than concerns this viewer or product. A buyer who is not approved comes as the viewer that a visitor is.
    """
    voices = [_Voice(far, rule) for rule in rules if (far := distance(rule, product_id, category_paths)) is not None]
    own = [voice for voice in voices if _is_for(voice.rule, viewer, BuyerScope.CUSTOMER)]
    if own:
        return _decision(min(own, key=lambda voice: voice.by_nearness), SightLevel.CUSTOMER)
    by_group: dict[UUID, list[_Voice]] = {}
    for voice in voices:
        if _is_for(voice.rule, viewer, BuyerScope.GROUP):
            by_group.setdefault(voice.rule.buyer_id, []).append(voice)
    if by_group:
        spoken = (min(of_one, key=lambda voice: voice.by_nearness) for of_one in by_group.values())
        return _decision(min(spoken, key=lambda voice: voice.by_favour), SightLevel.GROUP)
    for_all = [voice for voice in voices if voice.rule.buyer_scope is BuyerScope.EVERYONE]
    if for_all:
        return _decision(min(for_all, key=lambda voice: voice.by_nearness), SightLevel.EVERYONE)
    return Decision(shop_default, SightLevel.SHOP)


def distance(rule: VisibilityFact, product_id: UUID, category_paths: Collection[Sequence[UUID]]) -> int | None:
    """Return how far a rule's target is from a product, None where it is not about it."""
    if rule.scope is Scope.PRODUCT:
        return 0 if rule.target_id == product_id else None
    if rule.scope is not Scope.CATEGORY:
        return None
    steps = [len(path) - path.index(rule.target_id) for path in category_paths if rule.target_id in path]
    return min(steps, default=None)


def _is_for(rule: VisibilityFact, viewer: Viewer, level: BuyerScope) -> bool:
    if rule.buyer_scope is not level:
        return False
    return rule.buyer_id == viewer.customer_id if level is BuyerScope.CUSTOMER else rule.buyer_id in viewer.group_ids


def _decision(voice: _Voice, level: SightLevel) -> Decision:
    return Decision(voice.rule.allow, level, voice.rule)
