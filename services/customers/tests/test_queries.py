from uuid import UUID

import pytest

from services.customers.handlers.commands import create_company, create_group, register_customer
from services.customers.handlers.events import keep_registered_agent, keep_sales_rules
from services.customers.handlers.queries import (
    get_buyer,
    get_company,
    get_customer,
    list_companies,
    list_customers,
    list_groups,
)
from services.customers.tests.conftest import Desk
from services.customers.tests.test_commands import seller
from shared.contracts.actor import VISITOR, Permission, service_actor
from shared.contracts.agents.agents import AgentRegistered
from shared.contracts.agents.settings import SalesSettings, SalesSettingsChanged
from shared.contracts.customers.companies import CompanyNotFound, CreateCompany, GetCompany, ListCompanies
from shared.contracts.customers.customers import (
    CustomerNotFound,
    CustomerStatus,
    CustomerView,
    GetBuyer,
    GetCustomer,
    ListCustomers,
    RegisterCustomer,
)
from shared.contracts.customers.groups import CreateGroup, ListGroups
from shared.kernel.ids import new_id
from shared.testing import agent, customer, staff

everyone_serves_all = SalesSettingsChanged(
    settings=SalesSettings(id=new_id(), version=2, agents_serve_all=True, attribution=[])
)


async def registered(desk: Desk, name: str, **more: object) -> CustomerView:
    command = RegisterCustomer(email=f"{name.lower()}@example.com", name=name, **more)
    answer: CustomerView = await desk(register_customer, command)
    return answer


async def an_agent(desk: Desk) -> UUID:
    id_ = new_id()
    await desk(keep_registered_agent, AgentRegistered(agent=seller(id_).agent))
    return id_


async def names(desk: Desk, query: ListCustomers, **who: object) -> list[str]:
    return [item.name for item in (await desk(list_customers, query, **who)).items]


async def test_a_customer_sees_themselves_and_nobody_else(desk: Desk) -> None:
    ana, bob = await registered(desk, "Ana"), await registered(desk, "Bob")

    assert await desk(get_customer, GetCustomer(), customer(ana.id)) == ana
    assert await desk(get_customer, GetCustomer(id=ana.id), customer(ana.id)) == ana
    assert await names(desk, ListCustomers(), actor=customer(ana.id)) == ["Ana"]
    with pytest.raises(CustomerNotFound):
        await desk(get_customer, GetCustomer(id=bob.id), customer(ana.id))


async def test_an_agent_sees_their_own_customers_only(desk: Desk) -> None:
    nancy, andrew = await an_agent(desk), await an_agent(desk)
    ana = await registered(desk, "Ana", agent_id=nancy)
    bob = await registered(desk, "Bob", agent_id=andrew)
    await registered(desk, "Carl")

    assert await names(desk, ListCustomers(), actor=agent(nancy)) == ["Ana"]
    assert await desk(get_customer, GetCustomer(id=ana.id), agent(nancy)) == ana
    with pytest.raises(CustomerNotFound):
        await desk(get_customer, GetCustomer(id=bob.id), agent(nancy))
    assert await names(desk, ListCustomers(agent_id=andrew), actor=agent(nancy)) == []


async def test_where_every_agent_serves_all_an_agent_sees_all(desk: Desk) -> None:
    nancy = await an_agent(desk)
    bob = await registered(desk, "Bob")
    await desk(keep_sales_rules, everyone_serves_all)

    assert await desk(get_customer, GetCustomer(id=bob.id), agent(nancy)) == bob
    assert await names(desk, ListCustomers(), actor=agent(nancy)) == ["Bob"]
    assert await desk(get_buyer, GetBuyer(id=bob.id), agent(nancy))


async def test_staff_without_the_permission_see_nobody(desk: Desk) -> None:
    ana = await registered(desk, "Ana")

    with pytest.raises(CustomerNotFound):
        await desk(get_customer, GetCustomer(id=ana.id), staff())
    assert await names(desk, ListCustomers(), actor=staff()) == []


async def test_whoever_is_no_customer_must_name_one(desk: Desk) -> None:
    with pytest.raises(CustomerNotFound, match="name one by id"):
        await desk(get_customer, GetCustomer())


async def test_a_buyer_is_told_to_services_and_to_those_it_concerns(desk: Desk) -> None:
    nancy, andrew = await an_agent(desk), await an_agent(desk)
    ana = await registered(desk, "Ana", agent_id=nancy)
    wanted = GetBuyer(id=ana.id)

    for actor in (
        service_actor("orders"),
        staff(Permission.CUSTOMERS_READ),
        staff(Permission.ORDERS_PLACE),
        customer(ana.id),
        agent(nancy),
    ):
        snapshot = await desk(get_buyer, wanted, actor)
        assert snapshot.model_dump() == ana.model_dump(exclude={"reference", "created_at"})
    for actor in (VISITOR, customer(new_id()), agent(andrew), staff(Permission.CATALOG_WRITE)):
        with pytest.raises(CustomerNotFound):
            await desk(get_buyer, wanted, actor)


async def test_lists_are_filtered_where_the_rows_are(desk: Desk) -> None:
    nancy = await an_agent(desk)
    gold = await desk(create_group, CreateGroup(code="gold", name="Gold"))
    firm = await desk(create_company, CreateCompany(legal_name="Alfreds Futterkiste", country="DE"))
    await registered(desk, "Ana", agent_id=nancy, reference="ANATR")
    await registered(desk, "Bob_50%", company_id=firm.id, group_ids=[gold.id])
    await registered(desk, "Carl", status=CustomerStatus.PENDING)

    assert await names(desk, ListCustomers()) == ["Carl", "Bob_50%", "Ana"]
    for wanted, found in (
        (ListCustomers(q="ANA"), ["Ana"]),
        (ListCustomers(q="natr"), ["Ana"]),
        (ListCustomers(q="carl@example"), ["Carl"]),
        (ListCustomers(q="futterkiste"), ["Bob_50%"]),
        (ListCustomers(q="_50%"), ["Bob_50%"]),
        (ListCustomers(q="%"), ["Bob_50%"]),
        (ListCustomers(group_id=gold.id), ["Bob_50%"]),
        (ListCustomers(company_id=firm.id), ["Bob_50%"]),
        (ListCustomers(agent_id=nancy), ["Ana"]),
        (ListCustomers(status=CustomerStatus.PENDING), ["Carl"]),
        (ListCustomers(reference="ANATR"), ["Ana"]),
        (ListCustomers(reference="ANAT"), []),
        (ListCustomers(q="ana", status=CustomerStatus.PENDING), []),
    ):
        assert await names(desk, wanted) == found, wanted


async def test_lists_go_on_where_the_last_page_ended(desk: Desk) -> None:
    for name in ("Ana", "Bob", "Carl"):
        await registered(desk, name)

    first = await desk(list_customers, ListCustomers(limit=2))
    second = await desk(list_customers, ListCustomers(limit=2, cursor=first.next))

    assert [item.name for item in (*first.items, *second.items)] == ["Carl", "Bob", "Ana"]
    assert second.next is None


async def test_companies_are_found_by_name_or_number(desk: Desk) -> None:
    firm = await desk(create_company, CreateCompany(legal_name="Alfreds", siret="73282932000074"))
    await desk(create_company, CreateCompany(legal_name="Berglunds", country="SE"))

    assert await desk(get_company, GetCompany(id=firm.id)) == firm
    assert (await desk(list_companies, ListCompanies(q="73282932"))).items == [firm]
    assert len((await desk(list_companies, ListCompanies())).items) == 2
    with pytest.raises(CompanyNotFound):
        await desk(get_company, GetCompany(id=new_id()))


async def test_the_built_in_groups_are_there_from_the_start(desk: Desk) -> None:
    groups = (await desk(list_groups, ListGroups())).items

    assert {group.code for group in groups if group.built_in} == {"visitor", "guest", "customer"}
