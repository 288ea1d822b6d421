"""What a viewer may see, prepared so that the database can tell it of any product in passing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from services.catalog.domain.book import RuleBook
from services.catalog.domain.prices import PUBLIC, Viewer
from services.catalog.domain.shelf import Signature, signed
from services.catalog.domain.visibility import VisibilityFact
from shared.contracts.catalog.catalog_settings import ShopVisibility
from shared.contracts.catalog.price_lists import Scope
from shared.contracts.catalog.rules import BuyerScope
from shared.contracts.catalog.visibility import SightLevel


class Voice(NamedTuple):
    """What one buyer scope says of products that stand directly in a category, and from how far above it says so."""

    buyer_id: UUID
    category_id: UUID
    distance: int
    allow: bool


@dataclass(frozen=True, slots=True)
class Sight:
    """Everything that decides what a viewer sees; with no `voices` and no product rules the default alone does.

    `buyer_ids`: whose rules about single products count; `customer_id` and `group_ids` tell their level. `named_ids`:
    those of them that have any.
    """

    customer_id: UUID | None
    group_ids: frozenset[UUID]
    voices: tuple[Voice, ...]
    product_rules: bool
    default: bool
    named_ids: frozenset[UUID] = frozenset()

    @property
    def plain(self) -> bool:
        """Tell whether no rule speaks, so that the default alone decides."""
        return not self.voices and not self.product_rules

    @property
    def signature(self) -> Signature:
        """Return what makes two viewers see the same of a shop whose rules stay as they are."""
        speaking = self.named_ids.union(voice.buyer_id for voice in self.voices)
        own = self.customer_id if self.customer_id in speaking else None
        return signed((self.voices, self.named_ids, own, self.group_ids & speaking, self.default))

    @property
    def buyer_ids(self) -> list[UUID]:
        """Return whose rules count for this viewer, everyone's among them."""
        own = [self.customer_id] if self.customer_id else []
        return [*own, *sorted(self.group_ids), PUBLIC]


def sight(book: RuleBook, viewer: Viewer, own_rules: Iterable[VisibilityFact]) -> Sight:
    """Return what a viewer may see. `own_rules`: the customer's own about categories; the book has all others."""
    counting = {viewer.customer_id, PUBLIC, *viewer.group_ids}
    rules = [rule for rule in (*book.category_rules, *own_rules) if rule.buyer_id in counting]
    nearest: dict[tuple[UUID, UUID], Voice] = {}
    for rule in rules:
        if rule.scope is not Scope.CATEGORY or (rule.buyer_scope is BuyerScope.CUSTOMER and viewer.customer_id is None):
            continue
        for category_id in book.below(rule.target_id):
            path = book.tree[category_id]
            voice = Voice(rule.buyer_id, category_id, len(path) - list(path).index(rule.target_id), rule.allow)
            kept = nearest.setdefault((rule.buyer_id, category_id), voice)
            if (voice.distance, not voice.allow) < (kept.distance, not kept.allow):
                nearest[rule.buyer_id, category_id] = voice
    return Sight(
        customer_id=viewer.customer_id,
        group_ids=viewer.group_ids,
        voices=tuple(sorted(nearest.values())),
        product_rules=book.product_rules,
        default=book.settings.shop_visibility is ShopVisibility.VISIBLE,
        named_ids=book.named_ids & {one for one in counting if one is not None},
    )


def categories_shown(book: RuleBook, sight: Sight) -> frozenset[UUID]:
    """Return the categories a viewer is shown: those whose own nearest rule lets them see it, and all above one.

    As with products, the customer speaks before the groups, of which an allow wins, then everyone, then the shop.
    """
    said: dict[UUID, dict[SightLevel, bool]] = {}
    for voice in sight.voices:
        of_one, level = said.setdefault(voice.category_id, {}), _level(voice, sight)
        of_one[level] = of_one.get(level, False) or voice.allow
    nearest = (SightLevel.CUSTOMER, SightLevel.GROUP, SightLevel.EVERYONE)
    shown: set[UUID] = set()
    for id_, path in book.tree.items():
        spoken = said.get(id_, {})
        if next((spoken[level] for level in nearest if level in spoken), sight.default):
            shown.update(path)
    return frozenset(shown)


def _level(voice: Voice, sight: Sight) -> SightLevel:
    if voice.buyer_id == PUBLIC:
        return SightLevel.EVERYONE
    return SightLevel.CUSTOMER if voice.buyer_id == sight.customer_id else SightLevel.GROUP
