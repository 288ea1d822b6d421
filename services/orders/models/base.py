"""What every table of orders derives from."""

from shared.database.columns import Table, new_metadata


class Base(Table):
    """The declarative base of orders' tables."""

    __abstract__ = True
    metadata = new_metadata()
