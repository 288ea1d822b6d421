"""Content: texts of the shop that everyone sees, or some groups of customers only."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contracts.actor import Permission
from shared.contracts.base import Command, Contract, Event, Query
from shared.contracts.catalog.categories import Position
from shared.contracts.values import Code, Done, Line, Locale, Moment, Page, PageSize
from shared.kernel.problems import Malformed, NotFound

READERS = {Permission.CATALOG_READ}
WRITERS = {Permission.CATALOG_WRITE}
Html = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000, pattern=r"^[^\x00]*$")]
"""HTML as people write it; what is kept of it is safe to show: no script, no style, no form."""


class ContentText(Contract):
    """What a block says in one language: a title, plain, and a body in HTML."""

    title: Line = Field(default="", max_length=200)
    body: Html = ""


ContentTexts = Annotated[dict[Locale, ContentText], Field(min_length=1)]
Groups = Annotated[list[UUID], Field(max_length=100)]


class ContentBlockView(Contract):
    """A block as those who keep the shop see it. No group: it is for everyone. Shown within [starts_at, ends_at)."""

    id: UUID
    placement: Code
    position: Position
    texts: dict[Locale, ContentText]
    group_ids: list[UUID]
    starts_at: datetime | None
    ends_at: datetime | None
    created_at: datetime
    version: int


class ContentBlockSnapshot(Contract):
    """A block as events tell it: where and when it is shown, never its texts and never for whom it is."""

    id: UUID
    version: int
    placement: Code
    position: Position
    starts_at: datetime | None
    ends_at: datetime | None


class ContentView(Contract):
    """A block as the shop shows it, in the language asked for or, where it lacks that one, in another."""

    id: UUID
    placement: Code
    locale: Locale
    title: str
    body: str
    version: int


class ContentEnd(StrEnum):
    """Which end of a block's schedule: since when it is shown, and until when."""

    STARTS_AT = "starts_at"
    ENDS_AT = "ends_at"


class ContentNotFound(NotFound):
    """There is no such content block; GET /v1/content-blocks lists them."""


class ContentInvalid(Malformed):
    """The block cannot be shown as it is; errors[] names each field and how to mend it."""


class CreateContentBlock(Command[ContentBlockView], subject="catalog.create_content_block.v1", allow=WRITERS):
    """Creates a block at a placement of the shop, such as "home-top", for everyone or for some groups."""

    placement: Code
    position: Position = 0
    texts: ContentTexts
    group_ids: Groups = Field(default_factory=list)
    starts_at: Moment | None = None
    ends_at: Moment | None = None


class ChangeContentBlock(
    Command[ContentBlockView], subject="catalog.change_content_block.v1", allow=WRITERS, keyed=False
):
    """Edits a block; what is left out stays, `clear` empties ends of its schedule. Texts are replaced whole."""

    id: UUID
    expected_version: int
    placement: Code | None = None
    position: Position | None = None
    texts: ContentTexts | None = None
    group_ids: Groups | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    clear: list[ContentEnd] = Field(default_factory=list, max_length=2)


class DeleteContentBlock(Command[Done], subject="catalog.delete_content_block.v1", allow=WRITERS, keyed=False):
    """Deletes a block."""

    id: UUID
    expected_version: int


class GetContentBlock(Query[ContentBlockView], subject="catalog.get_content_block.v1", allow=READERS):
    """Returns one block with all its languages."""

    id: UUID


class ListContentBlocks(Query[Page[ContentBlockView]], subject="catalog.list_content_blocks.v1", allow=READERS):
    """Returns blocks, newest first, whoever they are for and whether or not they are shown now."""

    placement: Code | None = None
    cursor: str | None = None
    limit: PageSize = 20


class ListContent(Query[Page[ContentView]], subject="catalog.list_content.v1", allow={Permission.PUBLIC}):
    """Returns what a placement shows the caller now, in its order: blocks for everyone and for the caller's groups.

    Agents and staff may ask what a customer of theirs is shown. A placement shows 100 blocks at most. Visitors read
    them in a shop that shows them nothing else too: the page on which they sign in needs texts.
    """

    placement: Code
    locale: Locale = "fr"
    customer_id: UUID | None = None


class ContentBlockCreated(Event, subject="catalog.content_block_created.v1", aggregate="block.id"):
    """The shop has a new text to show."""

    block: ContentBlockSnapshot


class ContentBlockChanged(Event, subject="catalog.content_block_changed.v1", aggregate="block.id"):
    """A text of the shop reads otherwise, or is shown elsewhere, to others or at another time."""

    block: ContentBlockSnapshot


class ContentBlockDeleted(Event, subject="catalog.content_block_deleted.v1", aggregate="block.id"):
    """A text of the shop is no more."""

    block: ContentBlockSnapshot
