"""Changes of what the shop says to everyone, or to some groups."""

from typing import Any

from services.catalog.domain.content import check_groups, check_schedule, safe_texts
from services.catalog.models import ContentBlock
from services.catalog.repository import projections
from shared.contracts.catalog.content import (
    ChangeContentBlock,
    ContentBlockChanged,
    ContentBlockCreated,
    ContentBlockDeleted,
    ContentBlockSnapshot,
    ContentBlockView,
    ContentNotFound,
    CreateContentBlock,
    DeleteContentBlock,
)
from shared.contracts.values import Done
from shared.database.rows import lock
from shared.messaging.handler import handler
from shared.messaging.work import UnitOfWork, Work


@handler
async def create_content_block(command: CreateContentBlock, work: Work) -> ContentBlockView:
    id_ = work.made_id(CreateContentBlock.subject)
    if made := await work.made_before(ContentBlock, id_):
        return ContentBlockView.model_validate(made)
    given = await _given(command, work)
    block = ContentBlock(id=id_, created_at=work.as_of, version=1, request_digest=work.digest, **given)
    work.session.add(block)
    check_schedule(block.starts_at, block.ends_at)
    work.emit(ContentBlockCreated(block=ContentBlockSnapshot.model_validate(block)))
    return ContentBlockView.model_validate(block)


@handler
async def change_content_block(command: ChangeContentBlock, work: Work) -> ContentBlockView:
    block = await lock(work.session, ContentBlock, command.id, ContentNotFound(), command.expected_version)
    for name, value in (dict.fromkeys(command.clear) | await _given(command, work)).items():
        setattr(block, name, value)
    check_schedule(block.starts_at, block.ends_at)
    work.emit(ContentBlockChanged(block=ContentBlockSnapshot.model_validate(block)))
    return ContentBlockView.model_validate(block)


@handler
async def delete_content_block(command: DeleteContentBlock, work: Work) -> Done:
    block = await lock(work.session, ContentBlock, command.id, ContentNotFound(), command.expected_version)
    await work.session.delete(block)
    work.emit(ContentBlockDeleted(block=ContentBlockSnapshot.model_validate(block)))
    return Done(id=command.id)


async def _given(command: CreateContentBlock | ChangeContentBlock, work: UnitOfWork) -> dict[str, Any]:
    """Return what is said of a block, its texts safe and its groups known."""
    given: dict[str, Any] = command.model_dump(exclude={"id", "expected_version", "clear"}, exclude_none=True)
    if command.texts is not None:
        given["texts"] = {locale: text.model_dump() for locale, text in safe_texts(command.texts).items()}
    if command.group_ids is not None:
        check_groups(command.group_ids, await projections.known_groups(work.session, command.group_ids))
        given["group_ids"] = sorted(set(command.group_ids))
    return given
