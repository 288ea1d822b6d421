"""Examples of products as their keepers write them: sheets, variants, links, categories and content."""

from typing import Any

from services.gateway.examples.people import CATEGORY, GROUP, MOMENT, PRODUCT, VARIANT, euros, number

BLOCK, GRINDER = number(24), number(25)
WEIGHT = {"code": "weight", "name": "Weight", "values": ["1 kg", "250 g"]}
ENGLISH = {"en": {"name": "Coffee beans", "description": "Arabica from Peru, roasted in Nantes."}}
WELCOME = {"fr": {"title": "Bienvenue", "body": "<p>Franco de port dès 200 €.</p>"}}

SENT: dict[str, dict[str, Any]] = {
    "CreateProduct": {
        "code": "CAFE",
        "name": "Café en grains",
        "description": "Arabica du Pérou, torréfié à Nantes.",
        "translations": ENGLISH,
        "options": [WEIGHT],
        "attributes": {"origin": ["Peru"], "roast": ["medium"]},
        "category_ids": [CATEGORY],
        "published_from": MOMENT,
        "published_until": None,
        "variants": [
            {
                "sku": "CAFE-1KG",
                "barcode": "3760000000017",
                "options": {"weight": "1 kg"},
                "base_price": euros("24.90"),
                "tax_category": "reduced",
                "commissionable": True,
                "weight": 1020,
                "cost": euros("11.40"),
            }
        ],
    },
    "ChangeProduct": {"description": "Arabica d'Éthiopie, torréfié à Nantes.", "status": "active"},
    "DeleteProduct": {},
    "AddVariant": {
        "sku": "CAFE-250G",
        "options": {"weight": "250 g"},
        "prices": [
            {"unit_price": euros("7.50"), "floor": euros("6.00")},
            {"unit_price": euros("7.91"), "mode": "gross"},
        ],
        "tax_category": "reduced",
        "weight": 260,
    },
    "ChangeVariant": {"barcode": "3760000000024", "weight": 255, "clear": ["cost"]},
    "OrderVariants": {"variant_ids": [VARIANT]},
    "DeleteVariant": {},
    "SetProductLinks": {"product_ids": [GRINDER]},
    "CreateCategory": {"code": "coffee", "name": "Café", "translations": {"en": "Coffee"}, "parent_id": None},
    "ChangeCategory": {"name": "Cafés", "position": 2},
    "MoveCategory": {"parent_id": None, "position": 0},
    "DeleteCategory": {},
    "CreateContentBlock": {"placement": "home-top", "texts": WELCOME, "group_ids": [GROUP], "starts_at": MOMENT},
    "ChangeContentBlock": {"texts": WELCOME, "clear": ["ends_at"]},
    "DeleteContentBlock": {},
}

ANSWERED: dict[str, Any] = {
    "ProductSheet": {
        "id": PRODUCT,
        "code": "CAFE",
        "name": "Café en grains",
        "description": "Arabica du Pérou, torréfié à Nantes.",
        "translations": ENGLISH,
        "options": [WEIGHT],
        "attributes": {"origin": ["Peru"], "roast": ["medium"]},
        "category_ids": [CATEGORY],
        "perishable": False,
        "status": "active",
        "published_from": MOMENT,
        "published_until": None,
        "variants": [
            {
                "id": VARIANT,
                "sku": "CAFE-1KG",
                "barcode": "3760000000017",
                "name": "Café en grains",
                "options": {"weight": "1 kg"},
                "status": "active",
                "tax_category": "reduced",
                "commissionable": True,
                "unit": "piece",
                "quantity_decimals": 0,
                "weight": 1020,
                "length": None,
                "width": None,
                "height": None,
                "cost": euros("11.40"),
                "prices": [{"unit_price": euros("24.90"), "original_price": None, "floor": None, "mode": "net"}],
            }
        ],
        "created_at": MOMENT,
        "version": 1,
    },
    "ProductLinks": {"id": PRODUCT, "cross_sell": [], "up_sell": [], "accessory": [GRINDER], "version": 2},
    "CategoryView": {
        "id": CATEGORY,
        "code": "coffee",
        "name": "Café",
        "translations": {"en": "Coffee"},
        "parent_id": None,
        "path": [CATEGORY],
        "position": 0,
        "created_at": MOMENT,
        "version": 1,
    },
    "ContentBlockView": {
        "id": BLOCK,
        "placement": "home-top",
        "position": 0,
        "texts": WELCOME,
        "group_ids": [GROUP],
        "starts_at": MOMENT,
        "ends_at": None,
        "created_at": MOMENT,
        "version": 1,
    },
    "ContentView": {
        "id": BLOCK,
        "placement": "home-top",
        "locale": "fr",
        **WELCOME["fr"],
        "version": 1,
    },
}
