"""Windows of time as conditions: half-open, either end may be open."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

Moment = InstrumentedAttribute[datetime | None]


def within(start: Moment, end: Moment, at: datetime) -> ColumnElement[bool]:
    """Return that a moment lies within a row's window."""
    return and_(or_(start.is_(None), start <= at), or_(end.is_(None), end > at))
