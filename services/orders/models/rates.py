"""The VAT rates of countries."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from services.orders.models.base import Base
from shared.contracts.catalog.products import TaxCategory
from shared.database.columns import PERCENT, Choice


class TaxRate(Base):
    """A country's VAT in percent for one category of goods, in force from `valid_from` until before `valid_to`."""

    __tablename__ = "tax_rates"

    country: Mapped[str] = mapped_column(String(2), primary_key=True)
    category: Mapped[TaxCategory] = mapped_column(Choice(TaxCategory), primary_key=True)
    valid_from: Mapped[datetime] = mapped_column(primary_key=True)
    valid_to: Mapped[datetime | None]
    percent: Mapped[Decimal] = mapped_column(PERCENT)

    __table_args__ = (
        CheckConstraint("valid_to > valid_from", "valid"),
        CheckConstraint("percent BETWEEN 0 AND 100", "percent"),
    )
