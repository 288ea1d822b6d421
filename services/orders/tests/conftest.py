"""What the tests of orders stand on: a shop with a customer and two agents, and a desk where requests are handled."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event as sql_event
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from services.orders import repository, settings
from services.orders.handlers.commands.orders import place_order
from services.orders.tests.samples import BOB, CLERK, RULES, held, nancy, olaf
from shared.contracts.actor import Actor
from shared.contracts.base import Event
from shared.contracts.orders.orders import NewLine, OrderView, PlaceOrder
from shared.kernel.ids import new_id
from shared.messaging.handler import Handler, wants_ask
from shared.messaging.work import Origin, UnitOfWork
from shared.testing import answering
from shared.testing.fixtures import *  # noqa: F403

TABLES = "orders, order_lines, order_history, payments, buyers, sellers, sales_rules, outbox"


class Desk:
    """Hands messages to handlers as the hall and the pump do, each in a transaction of its own."""

    def __init__(self, work_as: Callable[..., UnitOfWork]) -> None:
        self.work_as = work_as
        self.emitted: list[Event] = []
        self.undo: list[Any] = []
        self.ask = answering(HoldItems=held)

    async def __call__(self, handler: Handler, message: Any, actor: Actor = CLERK, **origin: Any) -> Any:
        work = self.work_as(actor, **{"request_key": str(new_id())} | origin)
        try:
            reply = await (handler(message, work, self.ask) if wants_ask(handler) else handler(message, work))
            await work.session.commit()
        except BaseException:
            await work.session.rollback()
            raise
        finally:
            self.undo = work.undo
            await work.session.close()
        self.emitted.extend(work.emitted)
        return reply

    async def place(self, *lines: tuple[str, int], actor: Actor = CLERK, **command: Any) -> OrderView:
        """Place an order of (SKU, quantity) pairs for the customer Bob."""
        wanted = [NewLine(sku=sku, quantity=Decimal(quantity)) for sku, quantity in lines or [("chair", 2)]]
        placing = PlaceOrder(**{"customer_id": BOB.id, "lines": wanted} | command)
        order: OrderView = await self(place_order, placing, actor)
        return order


@pytest.fixture(autouse=True, scope="package")
def _settings() -> None:
    settings.use(settings.Settings(database_url="postgresql+asyncpg://nowhere"))


async def open_shop(session: AsyncSession) -> None:
    """Make known who buys and who sells: Bob is looked after by Nancy, Olaf is another agent."""
    await repository.keep(session, repository.buyer_of(BOB))
    await repository.keep(session, repository.seller_of(nancy()))
    await repository.keep(session, repository.seller_of(olaf()))
    await repository.keep(session, repository.rules_of(RULES))
    await session.commit()


@pytest.fixture
async def desk(work_as: Callable[..., UnitOfWork]) -> Desk:
    """Return a desk in a shop that has heard of its customer and agents; all is rolled back."""
    work = work_as()
    await open_shop(work.session)
    await work.session.close()
    return Desk(work_as)


@pytest.fixture
async def open_desk(database: AsyncEngine, postgres: Any) -> AsyncIterator[Desk]:
    """Return a desk whose every request has a connection of its own and is committed; emptied afterwards."""

    @asynccontextmanager
    async def look() -> AsyncIterator[AsyncSession]:
        async with AsyncSession(database, expire_on_commit=False) as session:
            yield session

    def make(actor: Actor, **origin: Any) -> UnitOfWork:
        session = AsyncSession(database, expire_on_commit=False)
        return UnitOfWork(session, "orders", Origin(actor=actor, **origin), look)

    async with look() as session:
        await open_shop(session)
    yield Desk(make)
    owner = create_async_engine(postgres.url("orders_owner"))
    async with owner.begin() as connection:
        await connection.execute(text(f"TRUNCATE {TABLES}"))
    await owner.dispose()


@pytest.fixture
def counting(database: AsyncEngine) -> Callable[[], Any]:
    """Return a context that lists the statements sent meanwhile, savepoints apart."""

    @contextmanager
    def count() -> Iterator[list[str]]:
        sent: list[str] = []

        def note(_: Any, __: Any, statement: str, *rest: Any) -> None:
            if "SAVEPOINT" not in statement:
                sent.append(statement)

        sql_event.listen(database.sync_engine, "before_cursor_execute", note)
        yield sent
        sql_event.remove(database.sync_engine, "before_cursor_execute", note)

    return count
