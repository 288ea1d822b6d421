"""What the shop says, as its keepers and as its callers read it."""

from services.catalog.domain.content import in_language
from services.catalog.domain.dealings import viewer
from services.catalog.handlers.asking import Look, prices_for
from services.catalog.models import ContentBlock
from services.catalog.repository import content
from shared.contracts.catalog.content import (
    ContentBlockView,
    ContentText,
    ContentView,
    GetContentBlock,
    ListContent,
    ListContentBlocks,
)
from shared.contracts.values import Page
from shared.messaging.handler import handler
from shared.messaging.rpc import Ask
from shared.messaging.work import Work


@handler
async def get_content_block(query: GetContentBlock, work: Work) -> ContentBlockView:
    return ContentBlockView.model_validate(await content.by_id(work.session, query.id))


@handler
async def list_content_blocks(query: ListContentBlocks, work: Work) -> Page[ContentBlockView]:
    found, cursor = await content.one_page(work.session, query.placement, query.cursor, query.limit)
    return Page(items=[ContentBlockView.model_validate(block) for block in found], next=cursor)


@handler
async def list_content(query: ListContent, work: Work, ask: Ask) -> Page[ContentView]:
    seen_by = viewer(work.actor, await prices_for(Look(query.customer_id), work, ask))
    shown = await content.shown(work.session, query.placement, seen_by.group_ids, work.as_of)
    return Page(items=[_view(block, query.locale) for block in shown])


def _view(block: ContentBlock, locale: str) -> ContentView:
    texts = {name: ContentText.model_validate(text) for name, text in block.texts.items()}
    found, text = in_language(texts, locale)
    return ContentView(
        id=block.id,
        placement=block.placement,
        locale=found,
        title=text.title,
        body=text.body,
        version=block.version,
    )
