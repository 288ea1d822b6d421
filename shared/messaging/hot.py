"""Reads that are asked most, sent to the driver itself: a session costs several times what such a statement does."""

import re
import time
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import asyncpg
from sqlalchemy import text

from shared import telemetry
from shared.messaging import metrics
from shared.messaging.connections import COMMAND_SECONDS, CONNECT_SECONDS, plain_dsn

NAME = re.compile(r"(?<![:\w]):([a-z_]\w*)")


class Hot:
    """A read whose values are bound by name, `:like_this`, written once for SQLAlchemy and for the driver.

    The same name may stand several times. Every value needs a type that PostgreSQL can tell: CAST(:id AS uuid).
    `steady`: its best way is the same for all values, so that PostgreSQL keeps its plan. Any other read is planned each
    time, which may cost more than it takes: how many goods stand in the category asked for decides where to begin.
    """

    def __init__(self, sql: str, *, steady: bool = False) -> None:
        self.steady = steady
        self.clause = text(sql)
        self.names: list[str] = []
        self.sql = NAME.sub(self._place, sql)

    def _place(self, named: re.Match[str]) -> str:
        if named[1] not in self.names:
            self.names.append(named[1])
        return f"${self.names.index(named[1]) + 1}"

    def values(self, given: Mapping[str, Any]) -> list[Any]:
        """Return what is bound, in the driver's order. Raises KeyError for a name that nothing is given for."""
        return [given[name] for name in self.names]


class Row(asyncpg.Record):  # type: ignore[misc]
    """A row whose columns are its attributes, as SQLAlchemy's are."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError as error:
            raise AttributeError(name) from error


class Reads(Protocol):
    """What answers hot reads, each by itself and in no transaction: the driver, or a test's session."""

    async def fetch(self, read: Hot, given: Mapping[str, Any]) -> Sequence[Any]:
        """Return the rows."""
        ...


class Driver:
    """Bare connections, for statements that leave nothing behind on them; every statement is counted.

    Of those that keep their plans, and of those that plan each time, there are `most` at most.
    """

    def __init__(self, url: str, name: str, most: int) -> None:
        self._url, self._name, self._most = url, name, most
        self._pools: dict[bool, Any] = {}

    async def open(self) -> None:
        """Make ready to connect; a connection is opened when the first statement wants one."""
        self._pools = {steady: await self._pool(steady) for steady in (False, True)}

    async def fetch(self, read: Hot, given: Mapping[str, Any]) -> Sequence[Any]:
        """Return the rows of a read. Raises what the driver raises."""
        metrics.count(read.sql)
        begun = time.time_ns()
        try:
            rows: Sequence[Any] = await self._pools[read.steady].fetch(read.sql, *read.values(given))
        except Exception as error:
            telemetry.record_statement(read.sql, begun, getattr(error, "sqlstate", None) or type(error).__name__)
            raise
        telemetry.record_statement(read.sql, begun)
        return rows

    async def close(self) -> None:
        """Let go of the connections."""
        for pool in self._pools.values():
            pool.terminate()

    async def _pool(self, steady: bool) -> Any:
        plans = "force_generic_plan" if steady else "force_custom_plan"
        return await asyncpg.create_pool(
            plain_dsn(self._url),
            min_size=0,
            max_size=self._most,
            timeout=CONNECT_SECONDS,
            command_timeout=COMMAND_SECONDS,
            server_settings={"application_name": f"{self._name} reads", "plan_cache_mode": plans},
            record_class=Row,
            reset=_nothing_to_reset,
        )


async def _nothing_to_reset(connection: Any) -> None:
    """Leave a connection as it is: a read sets nothing, and a reset would be a round trip."""
