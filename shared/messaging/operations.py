"""What every service answers about its own part of the bus; `create_service` binds these beside its own handlers."""

from sqlalchemy import func, select, text

from shared.contracts.operations import (
    CursorView,
    DiscardParked,
    EventPage,
    HearAgain,
    KeptEvent,
    ListParked,
    ParkedView,
    ReadStatus,
    Reconcile,
    Reconciliation,
    RelayView,
    ReplayEvents,
    RetryParked,
    ServiceStatus,
)
from shared.contracts.values import Done, Page
from shared.messaging import invariants, parked, rewinding
from shared.messaging.handler import handler
from shared.messaging.rpc import Ask
from shared.messaging.tables import OutboxRow, ParkedEvent, RelayState
from shared.messaging.work import Work

# JSON inside JSON grows; a reply must stay below the broker's 1 MB. One event always fits.
PAGE_BYTES = 400_000
BODY_SHOWN = 4_000

CURSORS = text(
    "SELECT producer, seq, greatest(head_seq - seq, 0), extract(epoch FROM clock_timestamp() - beat) "
    "FROM cursors ORDER BY producer"
)
RELAY = text(
    "SELECT coalesce(max(last_seq), 0), coalesce(max(published_seq), 0), "
    "coalesce(extract(epoch FROM clock_timestamp() - max(beat)), 0) FROM relay_state"
)
COUNTS = text(
    "SELECT (SELECT count(*) FROM parked_events), "
    "(SELECT count(*) FROM jobs WHERE failed_at IS NULL AND run_after <= clock_timestamp()), "
    "(SELECT count(*) FROM jobs WHERE failed_at IS NOT NULL)"
)


@handler
async def replay_events(request: ReplayEvents, work: Work) -> EventPage:
    """Return events from a number on, as many as were asked for and fit into one reply."""
    query = (
        select(OutboxRow.seq, OutboxRow.subject, OutboxRow.body, OutboxRow.traceparent)
        .where(OutboxRow.seq >= request.from_seq)
        .order_by(OutboxRow.seq)
        .limit(request.limit)
    )
    events: list[KeptEvent] = []
    size = 0
    for seq, subject, body, traceparent in await work.session.execute(query):
        size += len(body)
        if events and size > PAGE_BYTES:
            break
        kind = subject.partition(".")[2]
        events.append(KeptEvent(seq=seq, type=kind, body=body.decode(), traceparent=traceparent))
    last = await work.session.scalar(select(func.max(RelayState.last_seq)))
    return EventPage(events=events, last_seq=last or 0)


@handler
async def list_parked(request: ListParked, work: Work) -> Page[ParkedView]:
    """List what is set aside here."""
    found = await parked.listed(work.session, request.producer, request.limit)
    return Page[ParkedView](items=[_view(event) for event in found])


@handler
async def retry_parked(request: RetryParked, work: Work) -> Done:
    """Give a parked event another series of tries."""
    key = (request.producer, request.seq, request.handler)
    await parked.retry(work.session, key, work.actor, request.reason)
    return Done()


@handler
async def discard_parked(request: DiscardParked, work: Work) -> Done:
    """Give a parked event up."""
    key = (request.producer, request.seq, request.handler)
    await parked.discard(work.session, key, work.actor, request.reason)
    return Done()


@handler
async def hear_again(request: HearAgain, work: Work, ask: Ask) -> Done:
    """Put a producer's cursor back; its pump notices within a second and reads on from there."""
    kept = await ask(ReplayEvents(service=request.producer, from_seq=request.from_seq, limit=1))
    rewinding.must_be_kept(kept, request.from_seq)
    await rewinding.rewind(work.session, request.producer, request.from_seq, work.actor, request.reason)
    return Done()


@handler
async def read_status(request: ReadStatus, work: Work) -> ServiceStatus:
    """Say where this service stands on the bus."""
    last, published, beat = (await work.session.execute(RELAY)).one()
    oldest = await work.session.scalar(text(invariants.OLDEST_UNSENT))
    cursors = await work.session.execute(CURSORS)
    parked_count, due, failed = (await work.session.execute(COUNTS)).one()
    return ServiceStatus(
        service=work.service,
        relay=RelayView(last_seq=last, published_seq=published, oldest_unsent_seconds=oldest or 0, beat_seconds=beat),
        cursors=[CursorView(producer=name, seq=seq, lag=lag, beat_seconds=age) for name, seq, lag, age in cursors],
        parked=parked_count,
        jobs_due=due,
        jobs_failed=failed,
    )


@handler
async def reconcile(request: Reconcile, work: Work) -> Reconciliation:
    """Compare this service's rows with its invariants."""
    return await invariants.reconcile(work.session, work.service)


def _view(event: ParkedEvent) -> ParkedView:
    return ParkedView(
        producer=event.producer,
        seq=event.seq,
        handler=event.handler,
        event_id=event.event_id,
        type=event.type,
        aggregate_id=event.aggregate_id,
        error=event.error,
        attempts=event.attempts,
        next_try=event.next_try,
        parked_at=event.parked_at,
        body=event.body[:BODY_SHOWN].decode(errors="replace"),
    )
