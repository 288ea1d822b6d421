"""The three axes an order moves on (rules 3.13)."""

from enum import StrEnum


class OrderStatus(StrEnum):
    """How far the sale has come (rules 3.13)."""

    DRAFT = "draft"
    PENDING_APPROVAL = "pending_approval"
    CONFIRMED = "confirmed"
    PROCESSING = "processing"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class PaymentStatus(StrEnum):
    """What the payment ledger says; always derived from it."""

    AWAITING = "awaiting"
    AUTHORIZED = "authorized"
    PARTIALLY_PAID = "partially_paid"
    PAID = "paid"
    FAILED = "failed"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    VOIDED = "voided"


class FulfilmentStatus(StrEnum):
    """What has left and come back; always derived from unit counters."""

    UNFULFILLED = "unfulfilled"
    BACKORDERED = "backordered"
    PREPARING = "preparing"
    PARTIALLY_SHIPPED = "partially_shipped"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    PARTIALLY_RETURNED = "partially_returned"
    RETURNED = "returned"


class PaymentMethod(StrEnum):
    """How the customer pays."""

    BANK_TRANSFER = "bank_transfer"
