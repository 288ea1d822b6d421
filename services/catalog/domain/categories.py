"""The shop's tree: where a category may stand, and what stands in its way."""

from collections.abc import Sequence
from uuid import UUID

from shared.contracts.catalog.categories import CategoryCycle, CategoryNotEmpty, CategoryTooDeep

MOST_LEVELS = 20


def placed(id_: UUID, above: Sequence[UUID], levels: int = 1) -> list[UUID]:
    """Return the path of a category that is to stand below `above`, a path from the top; [] is the top itself.

    `levels`: how many the category is with all below it. Raises CategoryCycle where it would stand below itself,
    CategoryTooDeep where its lowest would stand deeper than the tree may be.
    """
    if id_ in above:
        raise CategoryCycle(path=[str(step) for step in above])
    if len(above) + levels > MOST_LEVELS:
        raise CategoryTooDeep(
            f"The tree has at most {MOST_LEVELS} levels; put the category higher up.", most=MOST_LEVELS
        )
    return [*above, id_]


def check_empty(products: int, categories: int) -> None:
    """Refuse to delete a category in which something stands. Raises CategoryNotEmpty saying how much."""
    if products or categories:
        standing = f"{products} products stand in this category and {categories} categories below it"
        raise CategoryNotEmpty(f"{standing}; move them first.", products=products, categories=categories)
