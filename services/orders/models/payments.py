"""What came in for orders."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.orders.domain.ledger import EntryKind
from services.orders.models.base import Base
from shared.contracts.orders.states import PaymentMethod
from shared.database.columns import Choice, money
from shared.kernel.money import Money


class Payment(Base):
    """An entry of an order's payment ledger. Append-only; the same transfer counts once.

    `request_digest` tells the request that recorded it from another of the same key, when the inbox no longer can.
    """

    __tablename__ = "payments"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"))
    kind: Mapped[EntryKind] = mapped_column(Choice(EntryKind))
    method: Mapped[PaymentMethod] = mapped_column(Choice(PaymentMethod))
    amount: Mapped[Money] = money("amount")
    value_date: Mapped[date]
    reference: Mapped[str] = mapped_column(String(200))
    recorded_by: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime]
    request_digest: Mapped[bytes | None]

    __table_args__ = (
        UniqueConstraint("order_id", "reference", "value_date", "amount_amount", name="uq_payments_transfer"),
    )
