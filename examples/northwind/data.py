"""Northwind's CSV files as values: who sold what to whom, at which price."""

import csv
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from babel import Locale

# Northwind's own words for two countries that CLDR names otherwise.
COUNTRIES = {"UK": "GB", "USA": "US"}


@dataclass(frozen=True)
class Employee:
    id: str
    name: str
    email: str
    reports_to: str | None


@dataclass(frozen=True)
class Product:
    id: str
    sku: str
    name: str
    category_id: str
    list_price: Decimal
    discontinued: bool


@dataclass(frozen=True)
class Customer:
    id: str
    company: str
    contact: str
    address: str
    city: str
    region: str | None
    postal_code: str | None
    country: str


@dataclass(frozen=True)
class Line:
    product_id: str
    unit_price: Decimal
    quantity: int
    discount_percent: Decimal


@dataclass(frozen=True)
class Order:
    id: str
    customer_id: str
    employee_id: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Northwind:
    categories: dict[str, str]
    products: dict[str, Product]
    customers: dict[str, Customer]
    employees: dict[str, Employee]
    orders: list[Order]


class FolderIncomplete(Exception):
    """A CSV file is missing; the message says which."""


def read(folder: Path) -> Northwind:
    """Read the folder. Raises FolderIncomplete naming the first file that is not there."""
    lines: dict[str, list[Line]] = {}
    for row in _rows(folder, "order_details"):
        percent = Decimal(row["discount"]) * 100
        line = Line(row["product_id"], Decimal(row["unit_price"]), int(row["quantity"]), percent)
        lines.setdefault(row["order_id"], []).append(line)
    return Northwind(
        categories={row["category_id"]: row["category_name"] for row in _rows(folder, "categories")},
        products={row["product_id"]: _product(row) for row in _rows(folder, "products")},
        customers={row["customer_id"]: _customer(row) for row in _rows(folder, "customers")},
        employees={row["employee_id"]: _employee(row) for row in _rows(folder, "employees")},
        orders=[
            Order(row["order_id"], row["customer_id"], row["employee_id"], tuple(lines[row["order_id"]]))
            for row in _rows(folder, "orders")
        ],
    )


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    path = folder / f"{name}.csv"
    if not path.is_file():
        raise FolderIncomplete(f"{path} is missing; give the folder that holds Northwind's CSV files")
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _product(row: dict[str, str]) -> Product:
    number = int(row["product_id"])
    price = Decimal(row["unit_price"])
    sold_out = row["discontinued"] == "1"
    return Product(row["product_id"], f"NW-{number:03}", row["product_name"], row["category_id"], price, sold_out)


def _employee(row: dict[str, str]) -> Employee:
    name = f"{row['first_name']} {row['last_name']}"
    email = f"{row['first_name']}.{row['last_name']}@northwind.example".lower()
    return Employee(row["employee_id"], name, email, row["reports_to"] or None)


def _customer(row: dict[str, str]) -> Customer:
    return Customer(
        id=row["customer_id"],
        company=row["company_name"],
        contact=row["contact_name"],
        address=row["address"],
        city=row["city"],
        region=row["region"] or None,
        postal_code=row["postal_code"] or None,
        country=_country(row["country"]),
    )


def _country(name: str) -> str:
    codes = {known: code for code, known in Locale("en").territories.items() if len(code) == 2}
    return COUNTRIES.get(name) or codes[name]
