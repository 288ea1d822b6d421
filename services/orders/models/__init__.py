"""The tables of orders: state only, no rules."""

from services.orders.models.base import Base
from services.orders.models.orders import Order, OrderHistory, OrderLine
from services.orders.models.payments import Payment
from services.orders.models.projections import Buyer, SalesRules, Seller
from services.orders.models.rates import TaxRate

__all__ = [
    "Base",
    "Buyer",
    "Order",
    "OrderHistory",
    "OrderLine",
    "Payment",
    "SalesRules",
    "Seller",
    "TaxRate",
]
