"""What every table of catalog derives from."""

from datetime import datetime

from sqlalchemy import BigInteger, Identity, func, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from shared.database.columns import Table, new_metadata


class Base(Table):
    """The declarative base of catalog's tables."""

    __abstract__ = True
    metadata = new_metadata()


class Kept:
    """What a row has that people make and change: since when it exists, and how often it changed."""

    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    version: Mapped[int] = mapped_column(BigInteger, server_default=text("1"), default=1)


class Numbered:
    """A rule, and its place in the order of making: between rules otherwise equal the lowest number wins."""

    @declared_attr
    def number(self) -> Mapped[int]:
        """Return the column of a number that the database gives."""
        return mapped_column(BigInteger, Identity(always=True), unique=True)
