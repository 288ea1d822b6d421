"""/v1/events: what happens in the house, as it happens, for staff. Server-sent events."""

from pydantic import Field
from starlette.requests import Request

from services.gateway.deps import Asked, token_of
from services.gateway.newsroom import Newsroom
from services.gateway.routing import resource
from services.gateway.streaming import EventStream, Wanted
from shared.contracts.actor import Permission
from shared.contracts.values import Contract

router = resource("/events", "events")


class HearEvents(Contract):
    """Streams events as they happen, each as its whole envelope, in its producer's order.

    Of each service only for those who may read its data: commissions with commissions:read, orders with orders:read.

    Each event's `id` is `<producer>-<number>`. A client that sends the last one it heard as `Last-Event-ID` misses
    nothing: that producer's events go on right behind it, other producers' from a few seconds before it, so that an id
    may come twice. A comment every 15 s tells that the stream lives; an event `problem` tells why it ends.
    """

    types: str = Field(
        default="*",
        max_length=1000,
        description="Which types to hear, with commas between them; * stands for anything: `orders.*`.",
    )


@router.get("", openapi_extra={"streams": True, "permissions": [{Permission.EVENTS_READ}]})
async def hear_events(request: Request, query: Asked[HearEvents]) -> EventStream:
    """Hear what happens, as it happens."""
    newsroom: Newsroom = request.app.state.newsroom
    return await newsroom.stream(token_of(request), Wanted.read(query.types), request.headers.get("last-event-id"))
