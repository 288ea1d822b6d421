"""Files on their way in: passed on to their owner in parts as they come, never whole in memory."""

import hashlib
from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect, Request

from services.gateway.deps import Asking
from services.gateway.problems import BodyTooLarge, UploadCutShort
from shared.contracts.catalog.uploads import PART_BYTES, AddPart, CompleteUpload, StartUpload
from shared.messaging.rpc import RawReply


async def take_in(request: Request, name: str, ask: Asking) -> RawReply:
    """Return the upload that the body of a request became. Raises BodyTooLarge beyond the limit of the settings."""
    limit: int = request.app.state.settings.upload_limit
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > limit:
        raise _too_large(limit)
    upload = await ask(StartUpload(name=name))
    digest, size, position = hashlib.sha256(), 0, 0
    async for part in _parts(request, limit):
        digest.update(part)
        size += len(part)
        await ask.forward(AddPart(upload_id=upload.id, position=position, data=part))
        position += 1
    return await ask.forward(CompleteUpload(upload_id=upload.id, size=size, sha256=digest.hexdigest()))


async def _parts(request: Request, limit: int) -> AsyncIterator[bytes]:
    waiting, size = bytearray(), 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > limit:
                raise _too_large(limit)
            waiting += chunk
            while len(waiting) >= PART_BYTES:
                yield bytes(waiting[:PART_BYTES])
                del waiting[:PART_BYTES]
    except ClientDisconnect:
        raise UploadCutShort from None
    if waiting:
        yield bytes(waiting)


def _too_large(limit: int) -> BodyTooLarge:
    return BodyTooLarge(f"The file is larger than {limit} bytes; send it in several.", limit=limit)
