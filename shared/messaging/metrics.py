"""What the bus measures of itself, for Prometheus; and which part of a service a SQL statement is counted under."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, Literal

from prometheus_client import Counter, Gauge

Scope = Literal["request", "relay", "pump", "jobs", "watch"]

scope: ContextVar[Scope] = ContextVar("scope", default="request")

sql_statements = Counter("courtier_sql_statements", "SQL statements, by the part that sent them.", ["scope"])
sql_transactions = Counter("courtier_sql_transactions", "BEGIN, COMMIT, ROLLBACK and savepoint commands.", ["scope"])
leading = Gauge("courtier_leading", "1 where this replica leads: `relay`, or `pump:<producer>`.", ["service", "seat"])
published = Gauge("courtier_published_seq", "The number of the last event the broker has confirmed.", ["service"])
unsent_age = Gauge("courtier_outbox_oldest_unsent_seconds", "Age of the oldest event not yet published.", ["service"])
stream_filled = Gauge("courtier_stream_filled_ratio", "How full the service's stream is, 0 to 1.", ["service"])
lag = Gauge("courtier_pump_lag", "Events of a producer not yet applied.", ["service", "producer"])
applied = Counter("courtier_events_applied", "Events whose effects are committed.", ["service", "producer"])
batches = Counter("courtier_event_batches", "Transactions those events took.", ["service", "producer"])
parked_now = Gauge("courtier_parked_events", "Events set aside for a handler, with those queued behind.", ["service"])
jobs_due = Gauge("courtier_jobs_due", "Jobs whose time has come.", ["service"])
jobs_failed = Gauge("courtier_jobs_failed", "Jobs that were given up.", ["service"])
jobs_done = Counter("courtier_jobs_done", "Jobs that ended, by kind and outcome.", ["service", "kind", "outcome"])
drift = Gauge("courtier_drift", "Invariants that do not hold, by check; must be 0.", ["service", "check"])

_CONTROL = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "START")


@contextmanager
def counted_as(part: Scope) -> Iterator[None]:
    """Count the statements sent inside under this part of the service."""
    token = scope.set(part)
    try:
        yield
    finally:
        scope.reset(token)


@lru_cache(maxsize=1024)
def _controls(statement: str) -> bool:
    return statement.lstrip().upper().startswith(_CONTROL)


def count(statement: str) -> None:
    """Count one SQL statement under the present scope, transaction control apart."""
    counter = sql_transactions if _controls(statement) else sql_statements
    counter.labels(scope.get()).inc()


def count_logged(query: Any) -> None:
    """Count a statement of a bare asyncpg connection; given to its `add_query_logger`."""
    count(query.query)
