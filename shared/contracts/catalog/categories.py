"""Categories: the shop's tree."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.actor import Permission
from shared.contracts.base import Command, Contract, Event, Query
from shared.contracts.values import Code, Done, Locale, Page, PageSize, Text
from shared.kernel.problems import Conflict, NotFound

Position = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
"""A place among siblings: the lowest comes first, equal ones by code."""


class CategoryView(Contract):
    """A place in the shop's tree. `path`: the categories above it from the top, and itself."""

    id: UUID
    code: Code
    name: Text
    translations: dict[Locale, Text]
    parent_id: UUID | None
    path: list[UUID]
    position: Position
    created_at: datetime
    version: int


class CategorySnapshot(Contract):
    """A category as events tell it; those below it stand below it wherever it stands."""

    id: UUID
    version: int
    code: Code
    name: Text
    parent_id: UUID | None
    path: list[UUID]
    position: Position


class CategoryNotFound(NotFound):
    """There is no such category; GET /v1/categories lists them."""


class CategoryCodeTaken(Conflict):
    """Another category already has this code."""


class CategoryCycle(Conflict):
    """A category cannot stand below itself; first move the one it is to stand below out of it, to the top say."""


class CategoryTooDeep(Conflict):
    """The tree would be deeper than it may be; put the category higher up."""


class CategoryNotEmpty(Conflict):
    """Something stands in this category; move its products and the categories below it first."""


class CreateCategory(Command[CategoryView], subject="catalog.create_category.v1", allow={Permission.CATALOG_WRITE}):
    """Creates a category, under another or at the top; without a position it comes last there."""

    code: Code
    name: Text
    translations: dict[Locale, Text] = Field(default_factory=dict)
    parent_id: UUID | None = None
    position: Position | None = None


class ChangeCategory(
    Command[CategoryView], subject="catalog.change_category.v1", allow={Permission.CATALOG_WRITE}, keyed=False
):
    """Renames, translates or orders a category; what is left out stays. Translations are replaced whole."""

    id: UUID
    expected_version: int
    code: Code | None = None
    name: Text | None = None
    translations: dict[Locale, Text] | None = None
    position: Position | None = None


class MoveCategory(
    Command[CategoryView], subject="catalog.move_category.v1", allow={Permission.CATALOG_WRITE}, keyed=False
):
    """Puts a category, with all below it, under another or at the top; without a position it comes last there."""

    id: UUID
    expected_version: int
    parent_id: UUID | None
    position: Position | None = None


class DeleteCategory(
    Command[Done], subject="catalog.delete_category.v1", allow={Permission.CATALOG_WRITE}, keyed=False
):
    """Deletes a category in which no product and below which no category stands.

    Rules and rows of price lists about it go with it, promotions name it no more: one that named nothing else is
    disabled.
    """

    id: UUID
    expected_version: int


class GetCategory(Query[CategoryView], subject="catalog.get_category.v1", allow={Permission.PUBLIC}):
    """Returns one category, if it is shown to the caller, or to a customer of theirs, as the list tells it."""

    id: UUID
    customer_id: UUID | None = None
    locale: Locale | None = None


class ListCategories(Query[Page[CategoryView]], subject="catalog.list_categories.v1", allow={Permission.PUBLIC}):
    """Returns the categories, newest first; `path` and `position` tell how they stand in the tree.

    Names are in the language asked for where there is a translation. A category is left out where the rules of
    visibility hide what stands in it, and in all below it, from the caller or the customer asked for; staff who read
    the catalogue are shown all.
    """

    customer_id: UUID | None = None
    locale: Locale | None = None
    cursor: str | None = None
    limit: PageSize = 100


class CategoryCreated(Event, subject="catalog.category_created.v1", aggregate="category.id"):
    """The tree has a new category."""

    category: CategorySnapshot


class CategoryChanged(Event, subject="catalog.category_changed.v1", aggregate="category.id"):
    """A category reads or stands otherwise than before, and all below it stands with it."""

    category: CategorySnapshot


class CategoryDeleted(Event, subject="catalog.category_deleted.v1", aggregate="category.id"):
    """A category in which nothing stood is no more."""

    category: CategorySnapshot
