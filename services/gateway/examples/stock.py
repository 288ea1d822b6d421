"""Examples of stock: warehouses, movements, allocations."""

from typing import Any

from services.gateway.examples.people import CLERK, MOMENT, ORDER, VARIANT, number

WAREHOUSE, MOVEMENT = number(24), number(25)

SENT: dict[str, dict[str, Any]] = {
    "CreateWarehouse": {"code": "nantes", "name": "Nantes, quai de la Fosse", "priority": 10},
    "ChangeWarehouse": {"name": "Nantes, port", "priority": 20, "active": True},
    "ReceiveStock": {"sku": "CAFE-1KG", "quantity": 120, "reference": "Delivery note 4711", "warehouse": "nantes"},
    "AdjustStock": {"sku": "CAFE-1KG", "delta": -2, "reason": "Torn bags", "warehouse": "nantes"},
    "TransferStock": {
        "sku": "CAFE-1KG",
        "quantity": 40,
        "source": "nantes",
        "target": "main",
        "reference": "Lorry of Tuesday",
    },
    "CountStock": {"counted": 78, "reason": "Yearly count"},
    "SetSelling": {"ahead": "back_order", "ahead_limit": 50, "expected_at": "2026-12-01T08:00:00Z", "low_at": 20},
}

ANSWERED: dict[str, Any] = {
    "WarehouseView": {
        "id": WAREHOUSE,
        "code": "nantes",
        "name": "Nantes, quai de la Fosse",
        "priority": 10,
        "active": True,
        "created_at": MOMENT,
        "version": 1,
    },
    "StockView": {
        "variant_id": VARIANT,
        "sku": "CAFE-1KG",
        "on_hand": 120,
        "reserved": 2,
        "available": 118,
        "ahead": "back_order",
        "ahead_limit": 50,
        "expected_at": "2026-12-01T08:00:00Z",
        "low_at": 20,
        "warehouses": [
            {"warehouse": "nantes", "on_hand": 80, "allocated": 2},
            {"warehouse": "main", "on_hand": 40, "allocated": 0},
        ],
        "version": 4,
    },
    "MovementView": {
        "id": MOVEMENT,
        "variant_id": VARIANT,
        "sku": "CAFE-1KG",
        "warehouse": "nantes",
        "kind": "adjustment",
        "quantity": -2,
        "reference": "Torn bags",
        "actor": CLERK,
        "created_at": MOMENT,
    },
    "AllocationView": {
        "order_id": ORDER,
        "lines": [
            {
                "variant_id": VARIANT,
                "sku": "CAFE-1KG",
                "quantity": 5,
                "warehouses": [{"warehouse": "nantes", "quantity": 3}],
                "waits": 2,
                "short": 0,
            }
        ],
    },
}
