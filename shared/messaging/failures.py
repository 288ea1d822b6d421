"""Which failures pass by themselves, and which will happen again to the same message."""

import asyncpg
import nats.errors
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.kernel.problems import Unavailable

# PostgreSQL: connection trouble, transaction rolled back (serialization, deadlock), too few resources, operator
# intervention and time-outs, system errors.
PASSING_CLASSES = frozenset({"08", "40", "53", "57", "58"})
# Lock not available, object in use, idle in transaction too long, read-only after a fail-over.
PASSING_STATES = frozenset({"55P03", "55006", "25P03", "25006"})
CUT_SHORT = "57014"
CONTENTION = frozenset({"40001", "40P01", "55P03"})
PASSING_KINDS = (
    # The driver's own confusion, seen when a connection is ended under it.
    asyncpg.InternalClientError,
    asyncpg.InterfaceError,
    InterfaceError,
    OperationalError,
    PoolTimeout,
    nats.errors.Error,
    OSError,
    TimeoutError,
    Unavailable,
)


def is_passing(error: BaseException) -> bool:
    """Tell whether the same work may succeed later without anybody changing anything: then it is repeated for ever."""
    driver = _driver_error(error)
    state = getattr(driver, "sqlstate", None)
    if state:
        return state in PASSING_STATES or state[:2] in PASSING_CLASSES
    # A value the driver cannot encode is an InterfaceError too (and a ValueError), yet it stays wrong for ever.
    kinds = isinstance(error, PASSING_KINDS) or isinstance(driver, PASSING_KINDS)
    return (kinds and not isinstance(driver, ValueError)) or getattr(error, "connection_invalidated", False)


def is_cut_short(error: BaseException) -> bool:
    """Tell whether the server stopped one statement, for its time was up: the server itself is well."""
    return getattr(_driver_error(error), "sqlstate", None) == CUT_SHORT


def is_contention(error: BaseException) -> bool:
    """Tell whether a transaction met another one and may simply be repeated on the same connection."""
    return getattr(_driver_error(error), "sqlstate", None) in CONTENTION


def _driver_error(error: BaseException) -> BaseException | None:
    """Return asyncpg's own error, below SQLAlchemy's and its adapter's."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        return error.orig.__cause__ or error.orig
    return error


def sentence(error: BaseException) -> str:
    """Return what to show people of an error: its kind and its first line, at most 500 characters."""
    first = str(error).strip().split("\n")[0]
    return f"{type(error).__name__}: {first}"[:500] if first else type(error).__name__
