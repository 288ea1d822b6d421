"""How many SQL statements the use cases of customers need; the number never depends on rows or groups."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from services.customers.handlers.commands import assign_groups, change_customer, create_company, register_customer
from services.customers.handlers.events import keep_registered_agent
from services.customers.handlers.queries import get_buyer, get_customer, list_customers
from services.customers.repository import built_in_group
from services.customers.tests.conftest import Desk
from services.customers.tests.test_commands import HOME, seller
from shared.contracts.agents.agents import AgentRegistered
from shared.contracts.customers.companies import CreateCompany
from shared.contracts.customers.customers import (
    AssignGroups,
    ChangeCustomer,
    GetBuyer,
    GetCustomer,
    ListCustomers,
    RegisterCustomer,
)
from shared.kernel.ids import new_id
from shared.testing import agent

CONTROL = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


@pytest.fixture
def sent(database: AsyncEngine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.startswith(CONTROL):
            statements.append(statement)

    event.listen(database.sync_engine, "before_cursor_execute", note)
    yield statements
    event.remove(database.sync_engine, "before_cursor_execute", note)


@pytest.mark.parametrize("rows", [1, 20])
async def test_a_list_or_one_customer_is_two_statements(desk: Desk, sent: list[str], rows: int) -> None:
    nancy = new_id()
    await desk(keep_registered_agent, AgentRegistered(agent=seller(nancy).agent))
    firms = [await desk(create_company, CreateCompany(legal_name=f"Firm {n}")) for n in range(rows)]
    group_ids = [built_in_group("customer"), built_in_group("guest")]
    known = [
        await desk(
            register_customer,
            RegisterCustomer(
                email=f"c{n}@example.com", name="C", company_id=firm.id, group_ids=group_ids, agent_id=nancy
            ),
        )
        for n, firm in enumerate(firms)
    ]

    for handler, query in (
        (list_customers, ListCustomers(q="c", limit=100)),
        (get_customer, GetCustomer(id=known[0].id)),
        (get_buyer, GetBuyer(id=known[0].id)),
    ):
        sent.clear()
        reply = await desk(handler, query, agent(nancy))
        assert len(sent) == 2, sent
        assert len(getattr(reply, "items", known)) == rows


async def test_changes_are_a_handful_of_statements(desk: Desk, sent: list[str]) -> None:
    firm = await desk(create_company, CreateCompany(legal_name="Firm"))
    sent.clear()

    known = await desk(
        register_customer,
        RegisterCustomer(email="a@example.com", name="A", company_id=firm.id, shipping_address=HOME),
    )
    assert len(sent) == 6, sent  # groups, company, address taken?, customer, membership, outbox

    sent.clear()
    await desk(change_customer, ChangeCustomer(id=known.id, expected_version=1, name="B"))
    assert len(sent) == 4, sent  # the locked row, its groups, the change, outbox

    sent.clear()
    both = [built_in_group("customer"), built_in_group("guest")]
    await desk(assign_groups, AssignGroups(id=known.id, expected_version=2, group_ids=both))
    assert len(sent) == 6, sent  # the groups wanted, the locked row, its groups, the change, membership, outbox
