"""Examples of orders and payments."""

from typing import Any

from services.gateway.examples.people import (
    AGENT,
    CLERK,
    CUSTOMER,
    GROUP,
    HISTORY,
    MOMENT,
    ORDER,
    PAUL,
    PAYMENT,
    VARIANT,
    euros,
)
from services.gateway.examples.pricing import PRICE_LIST
from services.gateway.examples.storefront import TRACE

LINE: dict[str, Any] = {
    "position": 1,
    "sku": "CAFE-1KG",
    "quantity": 2,
    "list_price": euros("24.90"),
    "unit_price": euros("19.90"),
    "price_reason": "group",
    "discount_percent": "0",
    "net": euros("39.80"),
    "tax_category": "reduced",
    "tax_rate": "5.5",
    "tax": euros("2.19"),
}
HEAD: dict[str, Any] = {
    "id": ORDER,
    "number": 1042,
    "customer_id": CUSTOMER,
    "customer_name": "Lucie Bernard",
    "agent_id": AGENT,
    "status": "confirmed",
    "payment_status": "awaiting",
    "fulfilment_status": "unfulfilled",
    "label": "En attente de paiement",
    "price_mode": "net",
}
SUMMARY: dict[str, Any] = {
    **HEAD,
    "surcharge": euros("5.00"),
    "net": euros("44.80"),
    "total": euros("47.26"),
    "paid": euros("0.00"),
    "reference": "PO-2026-118",
    "created_at": MOMENT,
    "version": 1,
}

SENT: dict[str, dict[str, Any]] = {
    "PlaceOrder": {
        "customer_id": CUSTOMER,
        "currency": "EUR",
        "payment_method": "bank_transfer",
        "lines": [{"sku": "CAFE-1KG", "quantity": 2}],
        "reference": "PO-2026-118",
    },
    "CancelOrder": {"reason": "The customer ordered twice."},
    "RecordPayment": {"amount": euros("47.26"), "value_date": "2026-11-20", "reference": "VIR 1042"},
}

ANSWERED: dict[str, Any] = {
    "OrderView": {
        **HEAD,
        "placed_by": PAUL,
        "payment_method": "bank_transfer",
        "currency": "EUR",
        "lines": [{**LINE, "variant_id": VARIANT, "name": "Coffee beans, 1 kg", "gross": euros("41.99")}],
        "surcharge": euros("5.00"),
        "surcharge_taxes": [{"rate": "5.5", "net": euros("5.00"), "tax": euros("0.27")}],
        "net": euros("44.80"),
        "taxes": [{"rate": "5.5", "net": euros("44.80"), "tax": euros("2.46")}],
        "tax": euros("2.46"),
        "total": euros("47.26"),
        "paid": euros("0.00"),
        "reference": "PO-2026-118",
        "created_at": MOMENT,
        "version": 1,
    },
    "OrderSummary": SUMMARY,
    "OrderCalculation": {
        "id": ORDER,
        "number": 1042,
        "customer_id": CUSTOMER,
        "group_ids": [GROUP],
        "agent_id": AGENT,
        "attribution": "customer_agent",
        "currency": "EUR",
        "price_mode": "net",
        "market": None,
        "created_at": MOMENT,
        "lines": [
            {
                **LINE,
                "computed_price": euros("19.90"),
                "price_list_id": PRICE_LIST,
                "price_list_version": 3,
                "cost": euros("11.20"),
                "commissionable": True,
                "trace": TRACE,
            }
        ],
    },
    "HistoryEntry": {
        "id": HISTORY,
        "axis": "order",
        "before": None,
        "after": "confirmed",
        "actor": PAUL,
        "reason": None,
        "at": MOMENT,
    },
    "PaymentView": {
        "id": PAYMENT,
        "order_id": ORDER,
        "method": "bank_transfer",
        "amount": euros("47.26"),
        "value_date": "2026-11-20",
        "reference": "VIR 1042",
        "recorded_by": CLERK,
        "created_at": MOMENT,
    },
}
