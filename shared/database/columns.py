"""Column types every service uses."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import DateTime, MetaData, Numeric, String, TypeDecorator, Uuid
from sqlalchemy.orm import Composite, DeclarativeBase, composite, mapped_column

from shared.kernel.money import Money, UnitPrice

AMOUNT = Numeric(18, 4)
PERCENT = Numeric(9, 4)
QUANTITY = Numeric(14, 3)
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(DeclarativeBase):
    """What every service's declarative Base derives from, each with `metadata = new_metadata()` of its own."""

    __abstract__ = True
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        Decimal: AMOUNT,
        UUID: Uuid(),
        StrEnum: String(32),
    }


def new_metadata() -> MetaData:
    """Return metadata whose constraints have predictable names, so that migrations can find them."""
    return MetaData(naming_convention=NAMING)


class Choice(TypeDecorator[StrEnum]):
    """A StrEnum kept as its text, and read back as itself."""

    impl = String(32)
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__(32)
        self.kind = kind

    def process_bind_param(self, value: StrEnum | str | None, dialect: Any) -> str | None:
        """Return the text to store; a text that is no member is refused with ValueError."""
        return None if value is None else str(self.kind(value))

    def process_result_value(self, value: Any | None, dialect: Any) -> Any:
        """Return the member the stored text names."""
        return None if value is None else self.kind(value)


def money(name: str) -> Composite[Money]:
    """Map a Money attribute onto two columns: <name>_amount NUMERIC(18,4) and <name>_currency varchar(3)."""
    return composite(Money, mapped_column(f"{name}_amount", AMOUNT), mapped_column(f"{name}_currency", String(3)))


def optional_money(name: str) -> Composite[Money]:
    """Map a Money attribute that may be None onto the two columns of `money`, then both NULL."""
    return composite(
        Money,
        mapped_column(f"{name}_amount", AMOUNT, nullable=True),
        mapped_column(f"{name}_currency", String(3), nullable=True),
        return_none_on=lambda *columns: None in columns,
    )


def unit_price(name: str) -> Composite[UnitPrice]:
    """Map a UnitPrice attribute onto two columns: <name>_amount NUMERIC(18,4) and <name>_currency varchar(3)."""
    return composite(UnitPrice, mapped_column(f"{name}_amount", AMOUNT), mapped_column(f"{name}_currency", String(3)))


def optional_unit_price(name: str) -> Composite[UnitPrice]:
    """Map a UnitPrice attribute that may be None onto the two columns of `unit_price`, then both NULL."""
    return composite(
        UnitPrice,
        mapped_column(f"{name}_amount", AMOUNT, nullable=True),
        mapped_column(f"{name}_currency", String(3), nullable=True),
        return_none_on=lambda *columns: None in columns,
    )
