from uuid import UUID

import pytest

from services.customers.handlers.commands import (
    assign_agent,
    assign_groups,
    change_customer,
    create_company,
    create_group,
    register_customer,
)
from services.customers.invariants import ALL
from services.customers.repository import built_in_group, knows_agent
from services.customers.tests.conftest import CLERK, Desk
from shared.contracts.agents.agents import AgentSnapshot, AgentStatus, SellerTerms
from shared.contracts.agents.settings import SalesSettings
from shared.contracts.customers.companies import CompanyCreated, CompanyIdentifierInvalid, CreateCompany
from shared.contracts.customers.customers import (
    Address,
    AgentAssigned,
    AssignAgent,
    AssignGroups,
    ChangeCustomer,
    CustomerChanged,
    CustomerEmailTaken,
    CustomerNotFound,
    CustomerRegistered,
    CustomerStatus,
    GroupsChanged,
    RegisterCustomer,
)
from shared.contracts.customers.groups import CreateGroup, GroupCodeTaken, GroupCreated
from shared.kernel.ids import new_id
from shared.kernel.problems import Conflict, Malformed, PreconditionFailed
from shared.testing import answering

HOME = Address(recipient="Ana Trujillo", lines=["Avda. de la Constitución 2222"], city="México D.F.", country="MX")
ana = RegisterCustomer(email="Ana@Example.com", name="Ana Trujillo", shipping_address=HOME, reference="ANATR")


def seller(id_: UUID) -> SellerTerms:
    return SellerTerms(
        agent=AgentSnapshot(
            id=id_,
            version=3,
            name="Nancy",
            email="nancy@example.com",
            locale="en",
            group_id=new_id(),
            parent_id=None,
            status=AgentStatus.ACTIVE,
            max_discount_percent=0,
            max_increase_percent=0,
        ),
        settings=SalesSettings(id=new_id(), version=1, agents_serve_all=False, attribution=[]),
    )


async def test_a_customer_with_no_group_named_enters_the_group_customer(desk: Desk) -> None:
    registered = await desk(register_customer, ana)

    assert registered.group_ids == [built_in_group("customer")]
    assert registered.email == "ana@example.com"
    assert registered.status is CustomerStatus.APPROVED
    assert registered.shipping_address == HOME
    assert registered.version == 1
    [event] = desk.emitted
    assert isinstance(event, CustomerRegistered)
    assert event.customer.model_dump() == registered.model_dump(exclude={"reference", "created_at"})


async def test_the_same_key_makes_the_same_customer(desk: Desk) -> None:
    first = await desk(register_customer, ana, request_key="k1")
    second = await desk(create_group, CreateGroup(code="gold", name="Gold"), request_key="k1")

    assert first.id == desk.work_as(CLERK, request_key="k1").made_id(RegisterCustomer.subject)
    assert first.id != second.id


async def test_two_customers_never_share_an_address_whatever_its_case(desk: Desk) -> None:
    await desk(register_customer, ana)
    bob = await desk(register_customer, RegisterCustomer(email="bob@example.com", name="Bob"))

    with pytest.raises(CustomerEmailTaken):
        await desk(register_customer, ana.model_copy(update={"email": "ANA@EXAMPLE.COM"}))
    with pytest.raises(CustomerEmailTaken):
        await desk(change_customer, ChangeCustomer(id=bob.id, expected_version=1, email="ana@example.com"))
    kept = await desk(change_customer, ChangeCustomer(id=bob.id, expected_version=1, email="bob@example.com"))
    assert kept.email == "bob@example.com"


async def test_unknown_groups_are_named_one_by_one(desk: Desk) -> None:
    wanted = [built_in_group("guest"), new_id(), new_id()]

    with pytest.raises(Malformed) as refused:
        await desk(register_customer, ana.model_copy(update={"group_ids": wanted}))

    assert [error.pointer for error in refused.value.errors] == ["/group_ids/1", "/group_ids/2"]


async def test_an_unknown_company_or_agent_is_refused_by_field(desk: Desk) -> None:
    with pytest.raises(Malformed) as no_company:
        await desk(register_customer, ana.model_copy(update={"company_id": new_id()}))
    with pytest.raises(Malformed) as no_agent:
        await desk(register_customer, ana.model_copy(update={"agent_id": new_id()}))

    assert no_company.value.errors[0].pointer == "/company_id"
    assert no_agent.value.errors[0].pointer == "/agent_id"


async def test_an_agent_not_heard_of_yet_is_asked_for_once_and_kept(desk: Desk) -> None:
    nancy = new_id()
    desk.ask = answering(GetSeller=seller(nancy))

    registered = await desk(register_customer, ana.model_copy(update={"agent_id": nancy}))
    freed = await desk(assign_agent, AssignAgent(id=registered.id, expected_version=1, agent_id=None))
    given = await desk(assign_agent, AssignAgent(id=registered.id, expected_version=2, agent_id=nancy))

    assert (registered.agent_id, freed.agent_id, given.agent_id) == (nancy, None, nancy)
    assert len(desk.ask.requests) == 1
    assert [type(event) for event in desk.emitted] == [CustomerRegistered, AgentAssigned, AgentAssigned]
    assert [event.aggregate_version() for event in desk.emitted] == [1, 2, 3]
    assert await knows_agent(desk.work_as().session, nancy)


async def test_a_customer_buys_for_a_company(desk: Desk) -> None:
    company = await desk(create_company, CreateCompany(legal_name="Alfreds SARL", siret="732 829 320 00074"))
    customer = await desk(register_customer, ana.model_copy(update={"company_id": company.id}))

    assert customer.company_id == company.id
    assert customer.company_name == "Alfreds SARL"
    assert desk.emitted[-1].customer.company_name == "Alfreds SARL"


async def test_a_company_keeps_its_numbers_in_one_written_form(desk: Desk) -> None:
    parent = await desk(create_company, CreateCompany(legal_name="Mère", vat_number="FR 44 732 829 320"))
    child = await desk(create_company, CreateCompany(legal_name="Fille", siret="35600000049837", parent_id=parent.id))

    assert (parent.vat_number, child.siret, child.parent_id) == ("FR44732829320", "35600000049837", parent.id)
    assert [type(event) for event in desk.emitted] == [CompanyCreated, CompanyCreated]


async def test_a_branch_may_carry_the_numbers_of_another_company(desk: Desk) -> None:
    head = await desk(create_company, CreateCompany(legal_name="Siège", siret="73282932000074"))
    branch = await desk(create_company, CreateCompany(legal_name="Agence", siret="73282932000074"))

    assert head.siret == branch.siret


async def test_wrong_numbers_and_an_unknown_parent_are_refused(desk: Desk) -> None:
    with pytest.raises(CompanyIdentifierInvalid):
        await desk(create_company, CreateCompany(legal_name="X", siret="73282932000075"))
    with pytest.raises(CompanyIdentifierInvalid):
        await desk(create_company, CreateCompany(legal_name="X", vat_number="FR45732829320"))
    with pytest.raises(Malformed) as refused:
        await desk(create_company, CreateCompany(legal_name="X", parent_id=new_id()))
    assert refused.value.errors[0].pointer == "/parent_id"


async def test_a_group_has_a_code_of_its_own(desk: Desk) -> None:
    gold = await desk(create_group, CreateGroup(code="gold", name="Gold", show_prices=False))

    assert (gold.built_in, gold.show_prices, gold.version) == (False, False, 1)
    assert isinstance(desk.emitted[0], GroupCreated)
    with pytest.raises(GroupCodeTaken):
        await desk(create_group, CreateGroup(code="gold", name="Other"))
    with pytest.raises(GroupCodeTaken):
        await desk(create_group, CreateGroup(code="visitor", name="Other"))


async def test_what_an_edit_leaves_out_stays(desk: Desk) -> None:
    before = await desk(register_customer, ana)

    after = await desk(change_customer, ChangeCustomer(id=before.id, expected_version=1, name="Ana T."))

    assert after == before.model_copy(update={"name": "Ana T.", "version": 2})
    assert isinstance(desk.emitted[-1], CustomerChanged)
    moved = await desk(change_customer, ChangeCustomer(id=before.id, expected_version=2, billing_address=HOME))
    assert moved.billing_address == moved.shipping_address == HOME


async def test_an_edit_of_an_older_version_is_refused(desk: Desk) -> None:
    known = await desk(register_customer, ana)
    await desk(change_customer, ChangeCustomer(id=known.id, expected_version=1, name="Ana T."))

    for handler, stale in (
        (change_customer, ChangeCustomer(id=known.id, expected_version=1, name="Anna")),
        (assign_groups, AssignGroups(id=known.id, expected_version=1, group_ids=[built_in_group("guest")])),
        (assign_agent, AssignAgent(id=known.id, expected_version=1, agent_id=None)),
    ):
        with pytest.raises(PreconditionFailed):
            await desk(handler, stale)
    with pytest.raises(CustomerNotFound):
        await desk(change_customer, ChangeCustomer(id=new_id(), expected_version=1, name="Nobody"))


async def test_groups_are_replaced_as_a_whole(desk: Desk) -> None:
    gold = await desk(create_group, CreateGroup(code="gold", name="Gold"))
    known = await desk(register_customer, ana)
    wanted = [gold.id, built_in_group("customer"), gold.id]

    both = await desk(assign_groups, AssignGroups(id=known.id, expected_version=1, group_ids=wanted))
    one = await desk(assign_groups, AssignGroups(id=known.id, expected_version=2, group_ids=[gold.id]))

    assert both.group_ids == sorted({gold.id, built_in_group("customer")})
    assert one.group_ids == [gold.id]
    assert isinstance(desk.emitted[-1], GroupsChanged)
    assert desk.emitted[-1].customer.group_ids == [gold.id]


async def test_a_customer_is_suspended_and_comes_back_but_never_waits_again(desk: Desk) -> None:
    known = await desk(register_customer, ana)
    suspended = ChangeCustomer(id=known.id, expected_version=1, status=CustomerStatus.SUSPENDED)

    assert (await desk(change_customer, suspended)).status is CustomerStatus.SUSPENDED
    back = ChangeCustomer(id=known.id, expected_version=2, status=CustomerStatus.APPROVED)
    assert (await desk(change_customer, back)).status is CustomerStatus.APPROVED
    with pytest.raises(Conflict, match="approved cannot become pending"):
        await desk(change_customer, ChangeCustomer(id=known.id, expected_version=3, status=CustomerStatus.PENDING))


async def test_nothing_has_drifted_after_all_that(desk: Desk) -> None:
    nancy = new_id()
    desk.ask = answering(GetSeller=seller(nancy))
    await desk(register_customer, ana.model_copy(update={"agent_id": nancy}))

    session = desk.work_as().session
    assert [sentence for check in ALL for sentence in await check(session)] == []
