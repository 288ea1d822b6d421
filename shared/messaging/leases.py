"""Rows of work, each taken by one runner at a time for as long as it says it is still at it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ARRAY, CursorResult, String, Table, and_, any_, bindparam, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from shared.kernel import clock
from shared.messaging.failures import sentence
from shared.messaging.tables import JobRow

LEASE = timedelta(seconds=15)
jobs = cast(Table, JobRow.__table__)
log = logging.getLogger(__name__)


class LeaseLost(Exception):
    """Another runner has this job now: what was done for it here is rolled back."""


@dataclass
class Claim:
    """A job in hand. `until` (UTC, the database's clock) also proves whose it is."""

    id: int
    kind: str
    key: str
    payload: dict[str, Any]
    context: dict[str, Any]
    attempts: int
    until: datetime

    def mine(self) -> Any:
        """Return the condition that the job is still ours."""
        return and_(jobs.c.id == self.id, jobs.c.locked_until == self.until)


# Of a kind that this version knows: during an update the newer one leaves jobs the older cannot do.
_open = and_(jobs.c.failed_at.is_(None), jobs.c.kind == any_(bindparam("kinds", type_=ARRAY(String))))
_due = and_(
    _open,
    jobs.c.run_after <= bindparam("moment"),
    or_(jobs.c.locked_until.is_(None), jobs.c.locked_until < func.clock_timestamp()),
)
# A CTE runs once; as a subquery the planner may run it once per row, and each run takes so many more.
_taken = (
    select(jobs.c.id).where(_due).order_by(jobs.c.run_after).limit(bindparam("most")).with_for_update(skip_locked=True)
).cte("taken")
_lease = func.clock_timestamp() + bindparam("lease")
CLAIM = (
    update(jobs)
    .where(jobs.c.id.in_(select(_taken.c.id)))
    # Counted as it begins, so that a job which kills its process is given up at last, too.
    .values(locked_until=_lease, attempts=jobs.c.attempts + 1)
    .returning(jobs.c.id, jobs.c.kind, jobs.c.key, jobs.c.payload, jobs.c.context, jobs.c.attempts, jobs.c.locked_until)
)
NEXT_DUE = select(func.min(jobs.c.run_after)).where(_open, jobs.c.locked_until.is_(None))


async def claim(session: AsyncSession, kinds: list[str], most: int, lease: timedelta = LEASE) -> Sequence[Claim]:
    """Take up to so many due jobs of these kinds, each for the length of a lease; the caller commits."""
    wanted = {"moment": clock.now(), "kinds": kinds, "most": most, "lease": lease}
    rows = await (await session.connection()).execute(CLAIM, wanted)
    return [Claim(*row) for row in rows]


@asynccontextmanager
async def renewed(
    sessions: async_sessionmaker[AsyncSession], claim: Claim, lease: timedelta = LEASE
) -> AsyncIterator[None]:
    """Keep a job ours while it runs, however long that takes."""
    task = asyncio.create_task(_renew(sessions, claim, lease))
    try:
        yield
    finally:
        # Not while it writes: then we would not know which proof is the last one.
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _renew(sessions: async_sessionmaker[AsyncSession], claim: Claim, lease: timedelta) -> None:
    while True:
        await asyncio.sleep(lease.total_seconds() / 3)
        writing = asyncio.ensure_future(_extend(sessions, claim, lease))
        try:
            await asyncio.shield(writing)
        except asyncio.CancelledError:
            await writing
            raise


async def _extend(sessions: async_sessionmaker[AsyncSession], claim: Claim, lease: timedelta) -> None:
    extend = update(jobs).where(claim.mine()).values(locked_until=func.clock_timestamp() + lease)
    try:
        async with sessions() as session:
            row = (await session.execute(extend.returning(jobs.c.locked_until))).one_or_none()
            await session.commit()
    except Exception as error:  # the next try may succeed; if none does, another runner takes the job over
        log.warning("the lease of job %s was not renewed: %s", claim.key, sentence(error))
        return
    if row is not None:
        claim.until = row.locked_until


async def delete_mine(session: AsyncSession, claim: Claim) -> None:
    """Delete a job that is done. Raises LeaseLost when it is not ours any more."""
    await _only_mine(await session.execute(delete(jobs).where(claim.mine())))


async def change_mine(session: AsyncSession, claim: Claim, **values: Any) -> None:
    """Give a job back, changed. Raises LeaseLost when it is not ours any more."""
    await _only_mine(await session.execute(update(jobs).where(claim.mine()).values(locked_until=None, **values)))


async def _only_mine(result: Any) -> None:
    if cast("CursorResult[Any]", result).rowcount != 1:
        raise LeaseLost
