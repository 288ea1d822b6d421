"""What catalog does by itself about what everyone pays: writes it down whenever it is another."""

from datetime import datetime
from uuid import UUID

from services.catalog.domain.reach import ALL_GOODS, Reach
from services.catalog.repository import price_history, rulebook
from shared.messaging.handler import handler
from shared.messaging.work import Job, UnitOfWork, Work

RECORDED_AT_ONCE = 1_000


class RecordPublicPrices(Job):
    """Writes down what everyone pays from a moment on for the goods that a rule reaches, some thousand at a time.

    `cause` tells this change of rules from all others; `after` is the last variant that was looked at, `wrote` whether
    anything was written down before it.
    """

    cause: str
    reach: Reach
    at: datetime
    after: UUID | None = None
    wrote: bool = False

    @property
    def key(self) -> str:
        """Tell this job from any other of its kind."""
        return f"{self.cause}:{self.at.isoformat()}:{self.after or 'first'}"


@handler
async def record_public_prices(job: RecordPublicPrices, work: Work) -> None:
    found = await price_history.reached(work.session, job.reach, job.after, RECORDED_AT_ONCE)
    wrote = await price_history.record(work.session, found, job.at) > 0 or job.wrote
    if len(found) == RECORDED_AT_ONCE:
        following = job.model_copy(update={"after": found[-1], "wrote": wrote})
        await work.schedule(following, key=following.key)
    elif wrote:
        # Looks may be remembered from before this was written down; the lowest price of 30 days is part of them. Once,
        # after the last: whoever looks meanwhile remembers it until then.
        await rulebook.changed(work.session)


class FollowMarkets(Job):
    """Writes down what everyone pays in markets that there were before that was kept, some thousand goods at a time.

    A migration leaves it; from its end on it is known what was paid there. `after` is the last variant looked at.
    """

    after: UUID | None = None


@handler
async def follow_markets(job: FollowMarkets, work: Work) -> None:
    found = await price_history.reached(work.session, ALL_GOODS, job.after, RECORDED_AT_ONCE)
    await price_history.record(work.session, found, work.as_of)
    if len(found) == RECORDED_AT_ONCE:
        await work.schedule(FollowMarkets(after=found[-1]), key=str(found[-1]))
    else:
        await rulebook.follow_markets(work.session, work.as_of)


async def follow_prices(work: UnitOfWork, cause: str, reach: Reach, *moments: datetime | None) -> None:
    """Leave it to jobs to write down what everyone pays for some goods: from now on, and from each moment to come."""
    for at in sorted({work.as_of, *(moment for moment in moments if moment and moment > work.as_of)}):
        job = RecordPublicPrices(cause=cause, reach=reach, at=at)
        await work.schedule(job, key=job.key, run_after=at)
