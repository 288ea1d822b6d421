"""Places the orders: each by its own employee, signed in as an agent, at the price of the time."""

import asyncio
from collections.abc import Callable
from decimal import Decimal

from courtier.client import Api
from examples.northwind.data import Northwind, Order
from examples.northwind.shop import Shop, sku

AT_ONCE = 6


async def place_all(
    url: str, data: Northwind, shop: Shop, run: str, emails: dict[str, str], placed: Callable[[], None]
) -> list[Decimal]:
    """Place every order, a few at a time; return each one's net as the shop answered it."""
    agents = {id_: Api(url) for id_ in data.employees}
    for id_, api in agents.items():
        await api.sign_in(emails[id_], shop.passwords[id_])
    gate = asyncio.Semaphore(AT_ONCE)

    async def place(order: Order) -> Decimal:
        async with gate:
            answer = await agents[order.employee_id].create("/v1/orders", f"{run}-{order.id}", body(order))
        placed()
        return Decimal(answer["net"]["amount"])

    def body(order: Order) -> dict[str, object]:
        return {
            "customer_id": shop.customers[order.customer_id],
            "reference": order.id,
            "lines": [
                {
                    "sku": sku(data.products[line.product_id].sku, run),
                    "quantity": line.quantity,
                    "unit_price": {"amount": str(line.unit_price), "currency": "EUR"},
                    "discount_percent": str(line.discount_percent),
                }
                for line in order.lines
            ],
        }

    try:
        return list(await asyncio.gather(*(place(order) for order in data.orders)))
    finally:
        for api in agents.values():
            await api.__aexit__()
