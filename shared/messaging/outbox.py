"""The relay's view of its own tables: numbering without gaps, what is still unsent, beats, pruning."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

BATCH = 200
KEPT_DAYS = 30
PRUNED_AT_ONCE = 5_000

SEAT = "relay"
BEAT_OF_LEADER = "SELECT beat FROM relay_state WHERE id = 1"
BEGIN_STATE = "INSERT INTO relay_state (id) VALUES (1) ON CONFLICT DO NOTHING"

# One statement, so that an event costs one round trip: take what is committed and unnumbered in the order of its ids
# (`seq IS NULL`, never `id > last`: a transaction that commits late holds lower ids), number it, hand it over.
# An aggregate's events keep their order, since the second one waited for the aggregate's row lock.
# With nothing to number it writes nothing: a relay is rung for more often than there is something new.
NUMBER = f"""
    WITH fresh AS MATERIALIZED (
        SELECT id, row_number() OVER (ORDER BY id) AS place
        FROM (SELECT id FROM outbox WHERE seq IS NULL ORDER BY id LIMIT {BATCH}) AS oldest
    ), numbered AS (
        UPDATE relay_state
        SET last_seq = last_seq + (SELECT count(*) FROM fresh), published_seq = $1, beat = clock_timestamp()
        WHERE id = 1 AND EXISTS (SELECT FROM fresh)
        RETURNING last_seq - (SELECT count(*) FROM fresh) AS base
    )
    UPDATE outbox SET seq = numbered.base + fresh.place
    FROM fresh CROSS JOIN numbered
    WHERE outbox.id = fresh.id
    RETURNING outbox.seq, outbox.subject, outbox.body, outbox.traceparent
"""  # noqa: S608 - a number of our own
UNSENT = f"SELECT seq, subject, body, traceparent FROM outbox WHERE seq > $1 ORDER BY seq LIMIT {BATCH}"  # noqa: S608
# A beat that a power cut loses costs nothing, so it does not wait for the disk.
BEAT = """
    WITH hurried AS (SELECT set_config('synchronous_commit', 'off', true))
    UPDATE relay_state SET published_seq = $1, beat = clock_timestamp() FROM hurried WHERE id = 1
"""
PUBLISHED = "SELECT published_seq FROM relay_state WHERE id = 1"
COMPARE = "SELECT last_seq, (SELECT body = $2 FROM outbox WHERE seq = $1) AS same FROM relay_state WHERE id = 1"
# A stream whose every message has grown too old tells no position: what is younger than that is to be sent.
FIRST_YOUNGER = """
    SELECT coalesce(min(seq) - 1, (SELECT last_seq FROM relay_state WHERE id = 1))
    FROM outbox WHERE created_at >= now() - make_interval(days => $1)
"""
# now(), not clock_timestamp(): only what stays the same throughout a statement can be looked for in an index.
# The oldest numbers, as far as they are published and old: two ends of an index, however many rows there are. What is
# left has no gap, so a listener that asks for a replay gets all from some number on.
PRUNE_OUTBOX = f"""
    WITH oldest AS MATERIALIZED (
        SELECT seq, created_at < now() - interval '{KEPT_DAYS} days' AS old
        FROM outbox WHERE seq <= $1 ORDER BY seq LIMIT {PRUNED_AT_ONCE}
    ), done AS MATERIALIZED (
        SELECT min(seq) AS first, coalesce(min(seq) FILTER (WHERE NOT old) - 1, max(seq)) AS last FROM oldest
    )
    DELETE FROM outbox WHERE seq BETWEEN (SELECT first FROM done) AND (SELECT last FROM done)
"""  # noqa: S608
# ANY(ARRAY(…)), not IN (…): the planner would read the whole inbox to join it with some thousand keys.
PRUNE_INBOX = f"""
    DELETE FROM inbox WHERE key = ANY (ARRAY(
        SELECT key FROM inbox WHERE answered_at < now() - interval '{KEPT_DAYS} days'
        ORDER BY answered_at LIMIT {PRUNED_AT_ONCE}))
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Unsent:
    """A numbered event as it will be sent."""

    seq: int
    subject: str
    body: bytes
    traceparent: str | None


class Outbox:
    """The outbox over the leader's own connection; only the leader writes here."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def number(self, published: int) -> Sequence[Unsent]:
        """Number up to 200 new events and return them in order; if any: a beat, and a note of `published`."""
        rows = await self._connection.fetch(NUMBER, published)
        return sorted((Unsent(*row) for row in rows), key=lambda unsent: unsent.seq)

    async def unsent(self, published: int) -> Sequence[Unsent]:
        """Return up to 200 numbered events after `published`."""
        return [Unsent(*row) for row in await self._connection.fetch(UNSENT, published)]

    async def beat(self, published: int) -> None:
        """Say that the leader lives, and how far it has published."""
        await self._connection.execute(BEAT, published)

    async def published(self) -> int:
        """Return how far the leader before had published, or a little less."""
        number: int = await self._connection.fetchval(PUBLISHED)
        return number

    async def compare(self, seq: int, body: bytes | None) -> tuple[int, bool | None]:
        """Return the last number given, and whether event `seq` has this body (None: not to be told)."""
        row = await self._connection.fetchrow(COMPARE, seq, body)
        return row["last_seq"], row["same"]

    async def before_younger_than(self, days: int) -> int:
        """Return the number before the first kept event younger than `days`; the last one given when there is none."""
        number: int = await self._connection.fetchval(FIRST_YOUNGER, days)
        return number

    async def prune(self, published: int) -> bool:
        """Delete some thousand rows, at most, of what is older than 30 days; tell whether there may be more of it."""
        done = [
            await self._connection.execute(PRUNE_OUTBOX, published),
            await self._connection.execute(PRUNE_INBOX),
        ]
        return f"DELETE {PRUNED_AT_ONCE}" in done
