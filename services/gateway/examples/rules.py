"""Examples of quantity rules, visibility rules, access lists and the terms of groups."""

from typing import Any

from services.gateway.examples.people import CATEGORY, CUSTOMER, GROUP, MOMENT, PRODUCT, euros, number

QUANTITY_RULE, VISIBILITY_RULE = number(70), number(71)

SENT: dict[str, dict[str, Any]] = {
    "SetQuantityRule": {
        "buyer_scope": "group",
        "buyer_id": GROUP,
        "scope": "product",
        "target_id": PRODUCT,
        "min_qty": 48,
        "multiple": 24,
        "basis": "product",
    },
    "SetVisibilityRule": {
        "buyer_scope": "group",
        "buyer_id": GROUP,
        "scope": "category",
        "target_id": CATEGORY,
        "visible": True,
    },
    "PutAccessList": {"customer_ids": [CUSTOMER], "group_ids": [GROUP]},
    "SetGroupTerms": {
        "availability": "banded",
        "minimum_subtotal": euros("500.00"),
        "action": "surcharge",
        "surcharge": euros("15.00"),
    },
}

ANSWERED: dict[str, Any] = {
    "QuantityRuleView": {
        "id": QUANTITY_RULE,
        "buyer_scope": "group",
        "buyer_id": GROUP,
        "scope": "product",
        "target_id": PRODUCT,
        "min_qty": 48,
        "max_qty": None,
        "multiple": 24,
        "period_qty": None,
        "period_days": None,
        "basis": "product",
        "created_at": MOMENT,
        "version": 1,
    },
    "VisibilityRuleView": {
        "id": VISIBILITY_RULE,
        "buyer_scope": "group",
        "buyer_id": GROUP,
        "scope": "category",
        "target_id": CATEGORY,
        "visible": True,
        "created_at": MOMENT,
        "version": 1,
    },
    "AccessListView": {
        "id": PRODUCT,
        "restricted": True,
        "customer_ids": [CUSTOMER],
        "group_ids": [GROUP],
        "version": 1,
    },
    "VisibilityExplanation": {
        "product_id": PRODUCT,
        "customer_id": CUSTOMER,
        "visible": False,
        "level": "everyone",
        "rule": VISIBILITY_RULE,
        "buyable": [],
        "reasons": [
            {
                "code": "DENIED_BY_RULE",
                "message": f"Rule 12 hides the category {CATEGORY} from everyone.",
                "sku": None,
                "rule": VISIBILITY_RULE,
            }
        ],
    },
    "GroupTermsView": {
        "group_id": GROUP,
        "availability": "banded",
        "minimum_qty": None,
        "minimum_subtotal": euros("500.00"),
        "operator": "and",
        "action": "surcharge",
        "surcharge": euros("15.00"),
        "price_mode": None,
        "version": 1,
    },
}
