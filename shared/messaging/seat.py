"""The seat of one leader among replicas: an advisory lock, held by the very connection that does the leader's work.

Whoever loses the connection loses the seat, and whoever is unseated can write nothing more: no lease runs out between
a check and a write. A process that is frozen keeps its connection, so a standby that sees the leader's beat stand
still ends that connection.
"""

import asyncio
import logging
import zlib
from typing import Any

LOCK_SPACE = 7_001  # the first half of our advisory locks; the second is a digest of the seat's name
FROZEN_SECONDS = 3
POLL_SECONDS = 0.5

TAKE = "SELECT pg_try_advisory_lock($1, $2)"
# A leader whose statement still runs is not frozen: PostgreSQL waits for itself, not for the client.
UNSEAT = f"""
    SELECT count(*) FILTER (WHERE pg_terminate_backend(held.pid))
    FROM pg_locks AS held JOIN pg_stat_activity AS holder USING (pid)
    WHERE held.locktype = 'advisory' AND held.granted AND held.classid = $1 AND held.objid = $2 AND held.objsubid = 2
      AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND holder.wait_event_type = 'Client'
      AND holder.state_change < clock_timestamp() - interval '{FROZEN_SECONDS} s'
      AND coalesce(({{beat}}), '-infinity') < clock_timestamp() - interval '{FROZEN_SECONDS} s'
"""  # noqa: S608 - a number and a query of our own
log = logging.getLogger(__name__)


class Seat:
    """Waits for the lead, over an asyncpg connection that will then be the leader's.

    `beat` is a query for the moment the present leader last said it was alive; its own parameters begin at $3.
    """

    def __init__(self, connection: Any, name: str, beat: str, *parameters: Any) -> None:
        self._connection, self._name = connection, name
        self._key = (LOCK_SPACE, zlib.crc32(name.encode()) & 0x7FFF_FFFF)
        self._unseat, self._parameters = UNSEAT.format(beat=beat), parameters

    async def wait(self) -> None:
        """Return once this replica leads."""
        while not await self._connection.fetchval(TAKE, *self._key):
            if await self._connection.fetchval(self._unseat, *self._key, *self._parameters):
                log.warning("the leader of %s stood still for %s s and was unseated", self._name, FROZEN_SECONDS)
                continue
            await asyncio.sleep(POLL_SECONDS)
