"""The shop's tree: read, and changed under the lock of the rule book."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Uuid, any_, func, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.models import Category
from services.catalog.repository.tables import categories, products
from shared.contracts.catalog.categories import CategoryNotFound
from shared.database.pages import page
from shared.database.rows import find
from shared.kernel.problems import FieldError


async def by_code(session: AsyncSession, code: str) -> Category | None:
    """Return the category of a code, if there is one."""
    return await session.scalar(select(Category).where(Category.code == code))


async def by_id(session: AsyncSession, id_: UUID) -> Category:
    """Return a category. Raises CategoryNotFound."""
    return await find(session, Category, id_, CategoryNotFound())


async def path_of(session: AsyncSession, id_: UUID | None) -> list[UUID]:
    """Return the path of the category another is to stand below, [] for the top. Raises CategoryNotFound naming it."""
    if id_ is None:
        return []
    path = await session.scalar(select(categories.c.path).where(categories.c.id == id_))
    if path is None:
        fault = FieldError("/parent_id", CategoryNotFound.code, "There is no such category; leave it out for the top.")
        raise CategoryNotFound(errors=[fault])
    return list(path)


async def last_position(session: AsyncSession, parent_id: UUID | None) -> int:
    """Return the position after the last of the categories directly below one, or at the top."""
    siblings = categories.c.parent_id.is_not_distinct_from(parent_id)
    highest = await session.scalar(select(func.max(categories.c.position)).where(siblings))
    return 0 if highest is None else highest + 1


async def levels(session: AsyncSession, category: Category) -> int:
    """Return how many levels a category is with all that stands below it."""
    deepest = select(func.max(func.cardinality(categories.c.path))).where(categories.c.path.contains([category.id]))
    return (await session.scalar(deepest) or 1) - len(category.path) + 1


async def move(session: AsyncSession, category: Category, path: Sequence[UUID]) -> None:
    """Give a category another path, and those below it the same with theirs after it. One statement."""
    at_own = len(category.path) + 1
    below = categories.c.path.contains([category.id]) & (categories.c.id != category.id)
    rest = categories.c.path[at_own : 2**31 - 1]
    await session.execute(
        update(categories).where(below).values(path=func.array_cat(list(path), rest), version=categories.c.version + 1)
    )
    category.path = list(path)


async def standing(session: AsyncSession, id_: UUID) -> tuple[int, int]:
    """Return how many products stand in a category, and how many categories directly below it."""
    placed = select(func.count()).select_from(products).where(products.c.category_ids.contains([id_]))
    below = select(func.count()).select_from(categories).where(categories.c.parent_id == id_)
    row = (await session.execute(select(placed.scalar_subquery(), below.scalar_subquery()))).one()
    return row[0], row[1]


async def one_page(
    session: AsyncSession, shown: Collection[UUID] | None, cursor: str | None, limit: int
) -> tuple[Sequence[Category], str | None]:
    """Return a page of categories, newest first; of these, or of all where None are named."""
    wanted = select(Category)
    if shown is not None:
        wanted = wanted.where(Category.id == any_(literal(list(shown), ARRAY(Uuid()))))
    return await page(session, wanted, Category, cursor, limit)
