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
    """

    def __init__(self, sql: str) -> None:
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
    """A pool of bare connections, for statements that leave nothing behind on them; every statement is counted."""

    def __init__(self, url: str, name: str, most: int) -> None:
        self._url, self._name, self._most = url, name, most
        self._pool: Any = None

    async def open(self) -> None:
        """Make ready to connect; a connection is opened when the first statement wants one."""
        self._pool = await asyncpg.create_pool(
            plain_dsn(self._url),
            min_size=0,
            max_size=self._most,
            timeout=CONNECT_SECONDS,
            command_timeout=COMMAND_SECONDS,
            server_settings={"application_name": f"{self._name} reads"},
            record_class=Row,
            reset=_nothing_to_reset,
        )

    async def fetch(self, read: Hot, given: Mapping[str, Any]) -> Sequence[Any]:
        """Return the rows of a read. Raises what the driver raises."""
        metrics.count(read.sql)
        begun = time.time_ns()
        try:
            rows: Sequence[Any] = await self._pool.fetch(read.sql, *read.values(given))
        except Exception as error:
            telemetry.record_statement(read.sql, begun, getattr(error, "sqlstate", None) or type(error).__name__)
            raise
        telemetry.record_statement(read.sql, begun)
        return rows

    async def close(self) -> None:
        """Let go of the connections."""
        if self._pool is not None:
            self._pool.terminate()


async def _nothing_to_reset(connection: Any) -> None:
    """Leave a connection as it is: a read sets nothing, and a reset would be a round trip."""
