"""Sets the shop up: house rules, sales team, catalogue, customers, stock."""

import secrets
from collections import Counter
from dataclasses import dataclass, field

from courtier.client import Api
from examples.northwind.data import Customer, Employee, Northwind
from examples.northwind.expectation import COMMISSION, OVERRIDE, price_bounds
from examples.northwind.files import read_in


@dataclass
class Shop:
    """What was made of Northwind's rows: ids by Northwind's own, and how each agent signs in."""

    agents: dict[str, str] = field(default_factory=dict)
    customers: dict[str, str] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)


async def set_up(admin: Api, data: Northwind, run: str) -> Shop:
    """Create everything the orders need. `run` makes this replay's keys and addresses its own."""
    shop = Shop()
    await admin.edit(
        "PUT", "/v1/sales-settings", {"agents_serve_all": True, "attribution": ["acting_agent", "customer_agent"]}
    )
    await _sales_team(admin, data, run, shop)
    await _catalogue(admin, data, run)
    for customer in data.customers.values():
        shop.customers[customer.id] = await _customer(admin, customer, run)
    return shop


async def discontinue(admin: Api, data: Northwind, run: str) -> int:
    """Take out of the shop what Northwind no longer sells; past orders keep it. Return how many products."""
    gone = [product for product in data.products.values() if product.discontinued]
    if gone:
        rows = [{"sku": sku(product.sku, run), "status": "discontinued"} for product in gone]
        await read_in(admin, f"{run}-gone", "products", rows)
    return len(gone)


async def _sales_team(admin: Api, data: Northwind, run: str, shop: Shop) -> None:
    down, up = price_bounds(data)
    group = await admin.create(
        "/v1/agent-groups",
        f"{run}-sales",
        {
            "code": f"northwind-{run}",
            "name": "Northwind sales",
            "commission_percent": str(COMMISSION),
            "override_percent": str(OVERRIDE),
            "max_discount_percent": str(down),
            "max_increase_percent": str(up),
        },
    )
    for employee in sorted(data.employees.values(), key=lambda one: _depth(one, data)):
        await _agent(admin, employee, group["id"], run, shop)


async def _agent(admin: Api, employee: Employee, group_id: str, run: str, shop: Shop) -> None:
    email = employee.email.replace("@", f"+{run}@")
    agent = await admin.create(
        "/v1/agents",
        f"{run}-agent-{employee.id}",
        {
            "name": employee.name,
            "email": email,
            "locale": "en",
            "group_id": group_id,
            "parent_id": shop.agents.get(employee.reports_to or ""),
        },
    )
    shop.agents[employee.id], shop.passwords[employee.id] = agent["id"], secrets.token_urlsafe(18)
    account = {
        "type": "agent",
        "actor_id": agent["id"],
        "email": email,
        "name": employee.name,
        "password": shop.passwords[employee.id],
        "roles": ["agent"],
        "locale": "en",
    }
    await admin.create("/v1/accounts", f"{run}-account-{employee.id}", account)


async def _catalogue(admin: Api, data: Northwind, run: str) -> None:
    """Read the catalogue in as a merchant does: by file, categories first, then products, then what is on stock."""
    codes = {id_: f"nw-{run}-{id_}" for id_ in data.categories}
    categories = [{"code": codes[id_], "name": name} for id_, name in data.categories.items()]
    await read_in(admin, run, "categories", categories)
    products = [
        {
            "sku": sku(product.sku, run),
            "name": product.name,
            "categories": codes[product.category_id],
            "price": str(product.list_price),
        }
        for product in data.products.values()
    ]
    await read_in(admin, run, "products", products)
    needed = Counter[str]()
    for order in data.orders:
        needed.update({line.product_id: line.quantity for line in order.lines})
    stock = [{"sku": sku(one.sku, run), "on_hand": str(needed[one.id])} for one in data.products.values()]
    await read_in(admin, run, "stock", stock)


async def _customer(admin: Api, customer: Customer, run: str) -> str:
    company = {"legal_name": customer.company, "country": customer.country}
    company_id = (await admin.create("/v1/companies", f"{run}-company-{customer.id}", company))["id"]
    address = {
        "recipient": customer.company,
        "lines": [customer.address],
        "postal_code": customer.postal_code,
        "city": customer.city,
        "region": customer.region,
        "country": customer.country,
    }
    body = {
        "email": f"{customer.id}+{run}@northwind.example".lower(),
        "name": customer.contact,
        "locale": "fr" if customer.country in {"FR", "BE", "CH"} else "en",
        "company_id": company_id,
        "billing_address": address,
        "shipping_address": address,
        "reference": customer.id,
    }
    created = await admin.create("/v1/customers", f"{run}-customer-{customer.id}", body)
    return str(created["id"])


def sku(northwind_sku: str, run: str) -> str:
    """Return a SKU of this run, so that several replays can live in one shop."""
    return f"{northwind_sku}-{run}"


def _depth(employee: Employee, data: Northwind) -> int:
    return 0 if employee.reports_to is None else 1 + _depth(data.employees[employee.reports_to], data)
