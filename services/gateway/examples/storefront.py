"""Examples of the storefront: what is found, what it would cost, and why."""

from typing import Any

from services.gateway.examples.catalog import ANSWERED as CATALOG
from services.gateway.examples.people import CATEGORY, CUSTOMER, MOMENT, PRODUCT, VARIANT, euros

COFFEE = CATALOG["ProductView"]
LINE = {"sku": "CAFE-1KG", "quantity": 12}
TIERS = [{"min_qty": 1, "unit_price": euros("19.90")}, {"min_qty": 50, "unit_price": euros("18.50")}]
TRACE: list[dict[str, Any]] = [
    {
        "level": "group",
        "rule": 7,
        "promotion_id": None,
        "name": "Cafés and restaurants",
        "scope": "variant",
        "min_qty": 1,
        "outcome": "applied",
        "code": "PRICE",
        "message": "This row makes the price.",
        "amount_in": None,
        "amount_out": euros("19.90"),
        "shadowed_by": None,
    }
]

SENT: dict[str, dict[str, Any]] = {
    "QuoteItems": {"customer_id": CUSTOMER, "lines": [LINE]},
    "ReadQuickOrder": {"text": "CAFE-1KG;12\nTHE-VERT x 3", "customer_id": CUSTOMER},
}

ANSWERED: dict[str, Any] = {
    "SearchResult": {
        "items": [COFFEE],
        "next": None,
        "total": 1,
        "facets": [{"code": "origin", "values": [{"value": "Peru", "count": 1}]}],
        "categories": [{"category_id": CATEGORY, "count": 1}],
        "price_range": None,
        "forgiving": False,
    },
    "RelatedProducts": {"items": [COFFEE]},
    "QuoteView": {
        "currency": "EUR",
        "price_mode": "net",
        "as_of": MOMENT,
        "lines": [
            {
                "sku": "CAFE-1KG",
                "variant_id": VARIANT,
                "product_id": PRODUCT,
                "name": "Coffee beans, 1 kg",
                "quantity": 12,
                "list_price": euros("24.90"),
                "public_price": euros("24.90"),
                "unit_price": euros("19.90"),
                "price_reason": "group",
                "net": euros("238.80"),
                "available": 118,
                "stock": "in_stock",
                "trace": None,
            }
        ],
        "subtotal": euros("238.80"),
        "minimum": None,
        "warnings": [],
        "orderable": True,
    },
    "QuickOrderView": {
        "currency": "EUR",
        "price_mode": "net",
        "lines": [
            {
                "line": 1,
                "text": "CAFE-1KG",
                "sku": "CAFE-1KG",
                "name": "Coffee beans, 1 kg",
                "quantity": 12,
                "unit_price": euros("19.90"),
                "suggested_qty": None,
                "code": None,
                "message": None,
            },
            {
                "line": 2,
                "text": "THE-VERT",
                "sku": None,
                "name": None,
                "quantity": None,
                "unit_price": None,
                "suggested_qty": None,
                "code": "PRODUCT_NOT_AVAILABLE",
                "message": "There is no such SKU on sale.",
            },
        ],
        "subtotal": euros("238.80"),
    },
    "PriceExplanation": {
        "sku": "CAFE-1KG",
        "customer_id": CUSTOMER,
        "quantity": 12,
        "as_of": MOMENT,
        "price_mode": "net",
        "unit_price": euros("19.90"),
        "list_price": euros("24.90"),
        "public_price": euros("24.90"),
        "public_price_then": None,
        "lowest_price_30d": None,
        "price_reason": "group",
        "tiers": TIERS,
        "trace": TRACE,
        "notes": [],
    },
}
