"""/v1/content-blocks: what the shop says, as its keepers write it."""

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.answers import created, done, listed, shown
from services.gateway.deps import Ask, Asked, Sent
from services.gateway.routing import refusing, resource
from shared.contracts.catalog.content import (
    ChangeContentBlock,
    ContentInvalid,
    ContentNotFound,
    CreateContentBlock,
    DeleteContentBlock,
    GetContentBlock,
    ListContentBlocks,
)
from shared.contracts.customers.groups import GroupNotFound

router = resource("/content-blocks", "content")


@router.get("")
async def list_content_blocks(request: Request, query: Asked[ListContentBlocks], ask: Ask) -> Response:
    """List content blocks, whoever they are for."""
    return listed(await ask.forward(query), request)


@router.post("", status_code=201, responses=refusing(ContentInvalid, GroupNotFound))
async def create_content_block(command: Sent[CreateContentBlock], ask: Ask) -> Response:
    """Create a content block."""
    return created(await ask.forward(command), "/v1/content-blocks/{id}")


@router.get("/{id}", responses=refusing(ContentNotFound))
async def get_content_block(query: Asked[GetContentBlock], ask: Ask) -> Response:
    """Show a content block in all its languages."""
    return shown(await ask.forward(query))


@router.patch("/{id}", responses=refusing(ContentNotFound, ContentInvalid, GroupNotFound))
async def change_content_block(command: Sent[ChangeContentBlock], ask: Ask) -> Response:
    """Edit a content block."""
    return shown(await ask.forward(command))


@router.delete("/{id}", status_code=204, responses=refusing(ContentNotFound))
async def delete_content_block(command: Sent[DeleteContentBlock], ask: Ask) -> Response:
    """Delete a content block."""
    return done(await ask.forward(command))
