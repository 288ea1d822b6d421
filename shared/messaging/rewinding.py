"""Hearing again: a cursor put back by an operator, to fill a projection anew or after a handler was mended."""

from typing import cast

from sqlalchemy import Table, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.contracts.actor import Actor
from shared.contracts.operations import EventPage, NotHeardYet
from shared.kernel.problems import Conflict
from shared.messaging.tables import Cursor, OperatorAct


class EventsPruned(Conflict):
    """The producer no longer keeps events so old; details name the first it can still tell."""


cursors = cast(Table, Cursor.__table__)


def must_be_kept(page: EventPage, from_seq: int) -> None:
    """Raise EventsPruned, or NotHeardYet for a number never given, unless the page begins at `from_seq`."""
    if not page.events:
        raise NotHeardYet
    if page.events[0].seq != from_seq:
        raise EventsPruned(f"Hear it again from event {page.events[0].seq} on.", first=page.events[0].seq)


async def rewind(session: AsyncSession, producer: str, from_seq: int, actor: Actor, reason: str) -> None:
    """Put the cursor of `producer` right before `from_seq`, and remember who wanted it and why.

    The pump finds the cursor moved at its next beat and begins anew there. Raises NotHeardYet when the service has not
    come as far, or does not hear that producer.
    """
    back = (
        update(cursors)
        .where(cursors.c.producer == producer, cursors.c.seq >= from_seq)
        .values(seq=from_seq - 1, stream_seq=0, stream_epoch="")
        .returning(cursors.c.producer)
    )
    if (await session.execute(back)).one_or_none() is None:
        raise NotHeardYet
    session.add(
        OperatorAct(
            act="hear_again", subject=f"{producer}-{from_seq}", reason=reason, actor=actor.ref().model_dump(mode="json")
        )
    )
