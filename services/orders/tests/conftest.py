"""What the tests of orders stand on: a shop with a customer and two agents, and a desk where requests are handled."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.orders import repository, settings
from services.orders.handlers.commands.orders import place_order
from services.orders.tests.samples import BOB, CLERK, RULES, held, nancy, olaf
from shared.contracts.actor import Actor
from shared.contracts.orders.orders import NewLine, OrderView, PlaceOrder
from shared.testing import answering
from shared.testing.desk import Desk as PlainDesk
from shared.testing.desk import WorkAs, each_committed
from shared.testing.fixtures import *  # noqa: F403
from shared.testing.fixtures import emptied

TABLES = ("orders", "buyers", "sellers", "sales_rules", "outbox")


class Desk(PlainDesk):
    """A desk in a shop that sells to Bob."""

    def __init__(self, work_as: WorkAs) -> None:
        super().__init__(work_as, CLERK, answering(HoldItems=held))

    async def place(self, *lines: tuple[str, int], actor: Actor = CLERK, **command: Any) -> OrderView:
        """Place an order of (SKU, quantity) pairs for the customer Bob."""
        wanted = [NewLine(sku=sku, quantity=Decimal(quantity)) for sku, quantity in lines or [("chair", 2)]]
        placing = PlaceOrder(**{"customer_id": BOB.id, "lines": wanted} | command)
        order: OrderView = await self(place_order, placing, actor)
        return order


@pytest.fixture(autouse=True, scope="package")
def _settings() -> None:
    settings.use(settings.Settings(database_url="postgresql+asyncpg://nowhere"))


async def opened(desk: Desk) -> Desk:
    """Make known who buys and who sells: Bob is looked after by Nancy, Olaf is another agent."""
    async with desk.work_as().session as session:
        sellers = (repository.seller_of(agent) for agent in (nancy(), olaf()))
        for row in (repository.buyer_of(BOB), *sellers, repository.rules_of(RULES)):
            await repository.keep(session, row)
        await session.commit()
    return desk


@pytest.fixture
async def desk(work_as: WorkAs) -> Desk:
    """Return a desk in a shop that has heard of its customer and agents; all is rolled back."""
    return await opened(Desk(work_as))


@pytest.fixture
async def open_desk(database: AsyncEngine, postgres: Any) -> AsyncIterator[Desk]:
    """Return a desk whose every request has a connection of its own and is committed; emptied afterwards."""
    yield await opened(Desk(each_committed(database, "orders")))
    await emptied(postgres, "orders", *TABLES)
