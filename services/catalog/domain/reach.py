"""Which goods a rule is about: some variants, products and categories with all below them, or everything."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from shared.contracts.catalog.price_lists import Scope

MOST_TARGETS = 2_000
"""Beyond so many targets it is less to look at everything."""


@dataclass(frozen=True, slots=True)
class Reach:
    """The goods whose prices may have changed, by the ids of what was named."""

    everything: bool = False
    variant_ids: tuple[UUID, ...] = ()
    product_ids: tuple[UUID, ...] = ()
    category_ids: tuple[UUID, ...] = ()


ALL_GOODS = Reach(everything=True)


def reach(targets: Iterable[tuple[Scope, UUID]]) -> Reach:
    """Return the goods that these targets are about."""
    of: dict[Scope, set[UUID]] = {scope: set() for scope in Scope}
    for scope, id_ in targets:
        of[scope].add(id_)
    if of[Scope.ALL] or sum(map(len, of.values())) > MOST_TARGETS:
        return ALL_GOODS
    return Reach(
        variant_ids=tuple(sorted(of[Scope.VARIANT])),
        product_ids=tuple(sorted(of[Scope.PRODUCT])),
        category_ids=tuple(sorted(of[Scope.CATEGORY])),
    )
