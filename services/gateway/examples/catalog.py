"""Examples of products, categories, prices and stock."""

from typing import Any

from services.gateway.examples.people import CATEGORY, GROUP, MOMENT, PRICE, PRODUCT, VARIANT, euros

SENT: dict[str, dict[str, Any]] = {
    "CreateCategory": {"code": "coffee", "name": "Coffee", "parent_id": None},
    "CreateProduct": {
        "name": "Coffee beans, 1 kg",
        "description": "Arabica from Peru, roasted in Nantes.",
        "category_ids": [CATEGORY],
        "variants": [
            {"sku": "CAFE-1KG", "base_price": euros("24.90"), "tax_category": "reduced", "commissionable": True}
        ],
    },
    "ChangeProduct": {"description": "Arabica from Ethiopia, roasted in Nantes.", "status": "active"},
    "SetBasePrice": {"unit_price": euros("25.90")},
    "SetGroupPrice": {"unit_price": euros("19.90")},
    "ReceiveStock": {"sku": "CAFE-1KG", "quantity": 120, "reference": "Delivery note 4711"},
}

ANSWERED: dict[str, Any] = {
    "CategoryView": {
        "id": CATEGORY,
        "code": "coffee",
        "name": "Coffee",
        "parent_id": None,
        "created_at": MOMENT,
        "version": 1,
    },
    "ProductView": {
        "id": PRODUCT,
        "name": "Coffee beans, 1 kg",
        "description": "Arabica from Peru, roasted in Nantes.",
        "status": "active",
        "category_ids": [CATEGORY],
        "variants": [
            {
                "id": VARIANT,
                "sku": "CAFE-1KG",
                "name": "Coffee beans, 1 kg",
                "list_price": euros("24.90"),
                "unit_price": euros("19.90"),
                "price_reason": "group",
                "tax_category": "reduced",
                "available": 118,
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
        "version": 1,
    },
    "StockView": {
        "variant_id": VARIANT,
        "sku": "CAFE-1KG",
        "on_hand": 120,
        "reserved": 2,
        "available": 118,
        "version": 4,
    },
}
