"""What must always hold. An invariant reads rows and returns a sentence for each place where it does not."""

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from shared.contracts.operations import Drift, Reconciliation
from shared.messaging import metrics
from shared.messaging.failures import is_cut_short, is_passing, sentence

Invariant = Callable[[AsyncSession], Awaitable[Sequence[str]]]
log = logging.getLogger(__name__)

_of_service: dict[str, tuple[Invariant, ...]] = {}


def keep(service: str, invariants: Iterable[Invariant]) -> None:
    """Say which invariants a service keeps besides those of the bus; called once, when the service is built."""
    _of_service[service] = tuple(invariants)


def kept_by(service: str) -> Sequence[Invariant]:
    """Return all invariants of a service."""
    return (*BUS, *_of_service.get(service, ()))


async def reconcile(session: AsyncSession, service: str) -> Reconciliation:
    """Look at every invariant of a service over one session, and note the drift metric."""
    found: list[Drift] = []
    checks = []
    for check in kept_by(service):
        checks.append(name := check.__name__)
        sentences = await _look(session, check)
        metrics.drift.labels(service, name).set(len(sentences))
        found += [Drift(check=name, detail=detail) for detail in sentences]
    for drift in found:
        log.error("drift in %s, %s: %s", service, drift.check, drift.detail)
    return Reconciliation(checks=checks, drifts=found)


async def reconciled(sessions: async_sessionmaker[AsyncSession], service: str) -> Reconciliation:
    """Look at every invariant of a service in a session of its own."""
    async with sessions() as session:
        return await reconcile(session, service)


async def _look(session: AsyncSession, check: Invariant) -> Sequence[str]:
    try:
        return await check(session)
    except Exception as error:
        # A check too slow for its time would be too slow again, and hide all those behind it.
        if is_passing(error) and not is_cut_short(error):
            raise
        await session.rollback()
        return [f"it cannot be checked: {sentence(error)}"]


async def outbox_has_no_hole(session: AsyncSession) -> Sequence[str]:
    """The numbers of the outbox follow one another without a gap, up to the last one given."""
    row = await _row(
        session,
        "SELECT count(seq), coalesce(min(seq), 0), coalesce(max(seq), 0), "
        "(SELECT last_seq FROM relay_state) FROM outbox",
    )
    count, first, newest, last = row
    holes = [f"events {first} to {newest} are {count} rows"] if count and newest - first + 1 != count else []
    if count and last is not None and newest != last:
        holes.append(f"the newest event is {newest}, yet {last} numbers were given")
    return holes


async def events_leave_soon(session: AsyncSession) -> Sequence[str]:
    """Nothing waits in the outbox for more than 5 s."""
    row = await _row(session, OLDEST_UNSENT)
    return [f"an event has waited for {row[0]:.0f} s to be published"] if row[0] > 5 else []


async def events_are_applied_soon(session: AsyncSession) -> Sequence[str]:
    """Each cursor is near the newest event known of its producer, or moved within the last 10 s."""
    rows = await session.execute(
        text(
            "SELECT producer, head_seq - seq FROM cursors "
            "WHERE head_seq > seq AND updated_at < clock_timestamp() - interval '10 s'"
        )
    )
    return [f"{behind} events of {producer} are not applied and nothing moves" for producer, behind in rows]


async def nothing_is_parked(session: AsyncSession) -> Sequence[str]:
    """No event is set aside."""
    rows = await session.execute(
        text("SELECT producer, handler, count(*), min(error) FROM parked_events GROUP BY producer, handler")
    )
    return [f"{count} events of {producer} are parked for {name}: {error}" for producer, name, count, error in rows]


async def no_job_was_given_up(session: AsyncSession) -> Sequence[str]:
    """No job has failed for good."""
    rows = await session.execute(
        text("SELECT kind, count(*), min(error) FROM jobs WHERE failed_at IS NOT NULL GROUP BY kind")
    )
    return [f"{count} jobs {kind} were given up: {error}" for kind, count, error in rows]


async def _row(session: AsyncSession, query: str) -> Sequence[float]:
    return tuple((await session.execute(text(query))).one())


# `published_seq` is written once a second at least, so what is younger than that may have left already.
OLDEST_UNSENT = """
    SELECT coalesce(extract(epoch FROM clock_timestamp() - least(
        (SELECT min(created_at) FROM outbox WHERE seq IS NULL),
        (SELECT created_at FROM outbox WHERE seq = (SELECT published_seq + 1 FROM relay_state WHERE id = 1))
    )), 0)
"""
BUS: tuple[Invariant, ...] = (
    outbox_has_no_hole,
    events_leave_soon,
    events_are_applied_soon,
    nothing_is_parked,
    no_job_was_given_up,
)
