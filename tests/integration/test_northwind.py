"""Northwind replayed: whole where its CSV folder is named, and always a handful of orders of the same shape."""

import csv
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from examples.northwind.__main__ import run
from examples.northwind.data import read
from examples.northwind.expectation import expect

WHOLE = os.environ.get("COURTIER_NORTHWIND", "")
ADDRESS = {"address": "1 High St", "city": "London", "region": "", "postal_code": "E1", "country": "UK"}
FILES: dict[str, list[dict[str, Any]]] = {
    "categories": [{"category_id": 1, "category_name": "Beverages"}],
    "products": [
        {"product_id": 1, "product_name": "Chai", "category_id": 1, "unit_price": "18.00", "discontinued": 1},
        {"product_id": 2, "product_name": "Chang", "category_id": 1, "unit_price": "19.00", "discontinued": 0},
    ],
    "customers": [{"customer_id": "ALFKI", "company_name": "Alfreds", "contact_name": "Maria", **ADDRESS}],
    "employees": [
        {"employee_id": 1, "first_name": "Andrew", "last_name": "Fuller", "reports_to": ""},
        {"employee_id": 2, "first_name": "Steven", "last_name": "Buchanan", "reports_to": 1},
        {"employee_id": 3, "first_name": "Anne", "last_name": "Dodsworth", "reports_to": 2},
    ],
    "orders": [{"order_id": 10 + n, "customer_id": "ALFKI", "employee_id": 1 + n % 3} for n in range(6)],
    "order_details": [
        {"order_id": 10 + n, "product_id": 1 + n % 2, "unit_price": "14.40", "quantity": 7 + n, "discount": discount}
        for n, discount in enumerate(("0.00", "0.15", "0.05", "0.00", "0.25", "0.10"))
    ],
}


def written(folder: Path) -> Path:
    for name, rows in FILES.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
    return folder


async def replayed(shop: Any, folder: Path) -> Decimal:
    admin = shop.logins["admin"]
    drift = await run(read(folder), shop.url, admin.email, admin.password)
    settings = {"agents_serve_all": False, "attribution": ["customer_agent", "acting_agent"]}
    await shop.people["admin"].edit("PUT", "/v1/sales-settings", settings)
    return drift


async def test_a_small_northwind_is_booked_to_the_cent(shop: Any, tmp_path: Path) -> None:
    assert await replayed(shop, written(tmp_path)) == 0


@pytest.mark.skipif(not WHOLE, reason="name Northwind's CSV folder in COURTIER_NORTHWIND to replay all 830 orders")
async def test_the_whole_of_northwind_is_booked_to_the_cent(shop: Any) -> None:
    assert expect(read(Path(WHOLE))).net == Decimal("1265793.29")
    assert await replayed(shop, Path(WHOLE)) == 0
