"""Examples of price lists, promotions, price changes and the settings of the catalogue."""

from typing import Any

from services.gateway.examples.people import CLERK, GROUP, MOMENT, VARIANT, euros, number

PRICE_LIST, ROW, PROMOTION, CHANGE = number(60), number(61), number(62), number(63)
THE_BOOK = "00000000-0000-0000-0000-000000000000"

_LIST: dict[str, Any] = {
    "name": "Resellers, winter",
    "priority": 10,
    "status": "active",
    "starts_at": "2026-11-30T23:00:00Z",
    "ends_at": None,
    "tier_basis": "variant",
    "stackable": False,
    "targets": [{"kind": "group", "id": GROUP, "code": None}],
}
_MADE_LIST = {"code": "resellers-winter", "level": "group", "currency": "EUR", "mode": "net"}
_PROMOTION: dict[str, Any] = {
    "name": "Black Friday",
    "enabled": True,
    "starts_at": "2026-11-26T23:00:00Z",
    "ends_at": "2026-11-29T23:00:00Z",
    "markets": [],
    "priority": 0,
    "exclusive": False,
    "kind": "percent_off",
    "value": "20",
    "currency": None,
    "mode": "net",
    "scope": "category",
    "targets": ["coffee"],
}
_SETTINGS: dict[str, Any] = {
    "price_policy": "most_specific",
    "cap_at_public": True,
    "min_margin_percent": "12.5",
    "shop_visibility": "visible",
    "login_only": False,
    "catalogue_only": False,
    "low_band": 5,
    "default_market": None,
    "open_markets": [],
    "price_mode": "net",
    "unit_price_scale": None,
}
_RULE: dict[str, Any] = {
    "currency": "EUR",
    "mode": "net",
    "from_mode": None,
    "list_id": None,
    "category": "coffee",
    "attribute": None,
    "attribute_value": None,
    "kind": "percent",
    "value": "3",
    "rounding": {"step": "1", "ending": "0.90", "direction": "nearest"},
    "dry_run": True,
}

SENT: dict[str, dict[str, Any]] = {
    "CreatePriceList": _MADE_LIST | _LIST,
    "ChangePriceList": _LIST,
    "PutPriceRows": {
        "rows": [
            {"scope": "variant", "target": "CAFE-1KG", "kind": "fixed", "value": "19.90"},
            {"scope": "variant", "target": "CAFE-1KG", "min_qty": 12, "kind": "fixed", "value": "18.50"},
            {"scope": "category", "target": "coffee", "kind": "percent_off", "value": "5"},
        ]
    },
    "DeletePriceRows": {"row_ids": [ROW]},
    "CreatePromotion": {"code": "black-friday"} | _PROMOTION,
    "ChangePromotion": _PROMOTION,
    "ChangeCatalogSettings": _SETTINGS,
    "ChangePricesByRule": _RULE,
}

ANSWERED: dict[str, Any] = {
    "PriceListView": {"id": PRICE_LIST, **_MADE_LIST, **_LIST, "warnings": [], "created_at": MOMENT, "version": 2},
    "PriceRowView": {
        "id": ROW,
        "scope": "variant",
        "target": "CAFE-1KG",
        "target_id": VARIANT,
        "min_qty": 12,
        "max_qty": None,
        "kind": "fixed",
        "value": "18.50",
        "reference": "base",
        "version": 1,
    },
    "RowsPut": {"id": PRICE_LIST, "created": 2, "changed": 1, "unchanged": 0, "version": 3},
    "RowsDeleted": {"id": PRICE_LIST, "deleted": 1, "version": 4},
    "PromotionView": {"id": PROMOTION, "code": "black-friday", **_PROMOTION, "created_at": MOMENT, "version": 1},
    "CatalogSettings": {"id": THE_BOOK, **_SETTINGS, "version": 2},
    "PriceChangeView": {
        "id": CHANGE,
        **_RULE,
        "state": "done",
        "total": 214,
        "done": 214,
        "changed": 209,
        "unchanged": 3,
        "floored": 2,
        "too_large": 0,
        "trouble": None,
        "made_by": CLERK,
        "created_at": MOMENT,
        "finished_at": MOMENT,
        "version": 2,
    },
    "PriceDifferenceView": {
        "position": 1,
        "target": "CAFE-1KG",
        "min_qty": 1,
        "before": euros("24.90"),
        "after": euros("25.90"),
        "outcome": "changed",
    },
}
