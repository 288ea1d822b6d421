"""Changes others ask of customers: groups, companies, the people who buy."""

from collections.abc import Sequence
from uuid import UUID

from services.customers import repository
from services.customers.domain.identifiers import check_siret, check_vat_number
from services.customers.domain.standing import advance
from services.customers.models import Company, Customer, Group
from shared.contracts.agents.agents import AgentNotFound, AgentSnapshot, GetSeller
from shared.contracts.customers.companies import CompanyCreated, CompanySnapshot, CompanyView, CreateCompany
from shared.contracts.customers.customers import (
    AgentAssigned,
    AssignAgent,
    AssignGroups,
    ChangeCustomer,
    CustomerChanged,
    CustomerEmailTaken,
    CustomerNotFound,
    CustomerRegistered,
    CustomerSnapshot,
    CustomerView,
    GroupsChanged,
    RegisterCustomer,
)
from shared.contracts.customers.groups import CreateGroup, GroupCodeTaken, GroupCreated, GroupSnapshot, GroupView
from shared.database.rows import lock
from shared.kernel.problems import FieldError, Malformed
from shared.messaging.handler import handler
from shared.messaging.rpc import Ask
from shared.messaging.work import Work


@handler
async def create_group(command: CreateGroup, work: Work) -> GroupView:
    id_ = work.made_id(command.subject)
    if made := await work.made_before(Group, id_):
        return GroupView.model_validate(made)
    if await repository.group_code_taken(work.session, command.code):
        raise GroupCodeTaken
    group = Group(
        id=id_,
        built_in=False,
        created_at=work.as_of,
        version=1,
        request_digest=work.digest,
        **command.model_dump(),
    )
    work.session.add(group)
    work.emit(GroupCreated(group=GroupSnapshot.model_validate(group)))
    return GroupView.model_validate(group)


@handler
async def create_company(command: CreateCompany, work: Work) -> CompanyView:
    id_ = work.made_id(command.subject)
    if made := await work.made_before(Company, id_):
        return CompanyView.model_validate(made)
    siret = check_siret(command.siret)
    vat_number = check_vat_number(command.vat_number, command.country)
    await _company(command.parent_id, "/parent_id", work)
    company = Company(
        id=id_,
        legal_name=command.legal_name,
        vat_number=vat_number,
        siret=siret,
        country=command.country,
        parent_id=command.parent_id,
        created_at=work.as_of,
        version=1,
        request_digest=work.digest,
    )
    work.session.add(company)
    work.emit(CompanyCreated(company=CompanySnapshot.model_validate(company)))
    return CompanyView.model_validate(company)


@handler
async def register_customer(command: RegisterCustomer, work: Work, ask: Ask) -> CustomerView:
    newcomer = await _unheard_agent(command.agent_id, work, ask)
    id_ = work.made_id(command.subject)
    if made := await work.made_before(Customer, id_):
        return CustomerView.model_validate(made)
    groups = await _groups(command.group_ids or [repository.built_in_group("customer")], work)
    company = await _company(command.company_id, "/company_id", work)
    if await repository.email_taken(work.session, command.email):
        raise CustomerEmailTaken
    await _keep(newcomer, work)
    customer = Customer(
        id=id_,
        company=company,
        groups=list(groups),
        created_at=work.as_of,
        version=1,
        request_digest=work.digest,
        **command.model_dump(exclude={"group_ids", "billing_address", "shipping_address"}),
        **command.model_dump(mode="json", include={"billing_address", "shipping_address"}),
    )
    work.session.add(customer)
    work.emit(CustomerRegistered(customer=CustomerSnapshot.model_validate(customer)))
    return CustomerView.model_validate(customer)


@handler
async def change_customer(command: ChangeCustomer, work: Work) -> CustomerView:
    if command.email and await repository.email_taken(work.session, command.email, by_other_than=command.id):
        raise CustomerEmailTaken
    customer = await _locked(command, work)
    customer.status = advance(customer.status, command.status or customer.status)
    fixed = {"id", "expected_version", "status"}
    for name, value in command.model_dump(mode="json", exclude=fixed, exclude_none=True).items():
        setattr(customer, name, value)
    work.emit(CustomerChanged(customer=CustomerSnapshot.model_validate(customer)))
    return CustomerView.model_validate(customer)


@handler
async def assign_groups(command: AssignGroups, work: Work) -> CustomerView:
    groups = await _groups(command.group_ids, work)
    customer = await _locked(command, work)
    customer.groups = list(groups)
    work.emit(GroupsChanged(customer=CustomerSnapshot.model_validate(customer)))
    return CustomerView.model_validate(customer)


@handler
async def assign_agent(command: AssignAgent, work: Work, ask: Ask) -> CustomerView:
    newcomer = await _unheard_agent(command.agent_id, work, ask)
    await _keep(newcomer, work)
    customer = await _locked(command, work)
    customer.agent_id = command.agent_id
    work.emit(AgentAssigned(customer=CustomerSnapshot.model_validate(customer)))
    return CustomerView.model_validate(customer)


async def _locked(command: ChangeCustomer | AssignGroups | AssignAgent, work: Work) -> Customer:
    return await lock(work.session, Customer, command.id, CustomerNotFound(), command.expected_version)


async def _groups(ids: Sequence[UUID], work: Work) -> Sequence[Group]:
    """Return these groups. Raises Malformed naming each that does not exist."""
    found = await repository.groups(work.session, ids)
    missing = set(ids) - {group.id for group in found}
    if missing:
        message = "There is no such group; GET /v1/customer-groups lists them."
        errors = [
            FieldError(f"/group_ids/{n}", "GROUP_NOT_FOUND", message) for n, id_ in enumerate(ids) if id_ in missing
        ]
        raise Malformed("Some of these groups do not exist.", errors=errors)
    return found


async def _company(id_: UUID | None, pointer: str, work: Work) -> Company | None:
    """Return the company, or None where none is named. Raises Malformed when it does not exist."""
    company = await work.session.get(Company, id_) if id_ else None
    if id_ and company is None:
        message = "There is no such company; create it first or leave it out."
        raise Malformed(message, errors=[FieldError(pointer, "COMPANY_NOT_FOUND", message)])
    return company


async def _unheard_agent(id_: UUID | None, work: Work, ask: Ask) -> AgentSnapshot | None:
    """Return an agent whose registration has not been heard of here yet, as agents answers.

    Raises Malformed when there is no such agent.
    """
    if id_ is None:
        return None
    async with work.look() as session:
        if await repository.knows_agent(session, id_):
            return None
    try:
        return (await ask(GetSeller(id=id_))).agent
    except AgentNotFound:
        message = "There is no such agent; GET /v1/agents lists them."
        raise Malformed(message, errors=[FieldError("/agent_id", "AGENT_NOT_FOUND", message)]) from None


async def _keep(agent: AgentSnapshot | None, work: Work) -> None:
    if agent:
        await repository.keep_agent(work.session, agent)
