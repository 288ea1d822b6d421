"""Examples of the shop: products as they are seen and prices."""

from typing import Any

from services.gateway.examples.people import CATEGORY, GROUP, IMAGE, MOMENT, PRICE, PRODUCT, VARIANT, euros

SENT: dict[str, dict[str, Any]] = {
    "SetBasePrice": {"unit_price": euros("25.90")},
    "SetGroupPrice": {"unit_price": euros("19.90")},
}

ANSWERED: dict[str, Any] = {
    "ProductView": {
        "id": PRODUCT,
        "code": "CAFE",
        "name": "Coffee beans, 1 kg",
        "description": "Arabica from Peru, roasted in Nantes.",
        "status": "active",
        "options": [{"code": "weight", "name": "Poids", "values": ["1 kg"]}],
        "category_ids": [CATEGORY],
        "attributes": {"origin": ["Peru"]},
        "images": [
            {
                "id": IMAGE,
                "url": "/v1/images/5f2c/large",
                "thumbnail": "/v1/images/5f2c/thumbnail",
                "alt": "Coffee beans in a bag",
                "width": 1600,
                "height": 1200,
            }
        ],
        "variants": [
            {
                "id": VARIANT,
                "sku": "CAFE-1KG",
                "barcode": "3760012345678",
                "name": "Coffee beans, 1 kg",
                "options": {"weight": "1 kg"},
                "unit": "piece",
                "quantity_decimals": 0,
                "weight": 1050,
                "length": 240,
                "width": 120,
                "height": 80,
                "tax_category": "reduced",
                "list_price": euros("24.90"),
                "public_price": euros("24.90"),
                "unit_price": euros("19.90"),
                "original_price": None,
                "savings": euros("5.00"),
                "lowest_price_30d": None,
                "tiers": [
                    {"min_qty": 1, "unit_price": euros("19.90")},
                    {"min_qty": 50, "unit_price": euros("18.50")},
                ],
                "price_mode": "net",
                "price_reason": "group",
                "quantities": None,
                "available": 118,
                "stock": "in_stock",
                "expected_at": None,
                "trace": None,
            }
        ],
        "created_at": MOMENT,
        "version": 3,
    },
    "GroupPriceView": {
        "id": PRICE,
        "variant_id": VARIANT,
        "sku": "CAFE-1KG",
        "group_id": GROUP,
        "unit_price": euros("19.90"),
        "mode": "net",
        "version": 1,
    },
}
