"""How many SQL statements the use cases of customers need; the number never depends on rows or groups."""

import pytest

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


@pytest.mark.parametrize("rows", [1, 20])
async def test_a_list_or_one_customer_is_two_statements(desk: Desk, statements: list[str], rows: int) -> None:
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
        statements.clear()
        reply = await desk(handler, query, agent(nancy))
        assert len(statements) == 2, statements
        assert len(getattr(reply, "items", known)) == rows


async def test_changes_are_a_handful_of_statements(desk: Desk, statements: list[str]) -> None:
    firm = await desk(create_company, CreateCompany(legal_name="Firm"))
    statements.clear()

    known = await desk(
        register_customer,
        RegisterCustomer(email="a@example.com", name="A", company_id=firm.id, shipping_address=HOME),
    )
    assert len(statements) == 7, statements  # before?, groups, company, address taken?, customer, membership, outbox

    statements.clear()
    await desk(change_customer, ChangeCustomer(id=known.id, expected_version=1, name="B"))
    assert len(statements) == 4, statements  # the locked row, its groups, the change, outbox

    statements.clear()
    both = [built_in_group("customer"), built_in_group("guest")]
    await desk(assign_groups, AssignGroups(id=known.id, expected_version=2, group_ids=both))
    assert len(statements) == 6, statements  # groups wanted, the locked row, its groups, the change, membership, outbox
