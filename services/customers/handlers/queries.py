"""Questions others ask of customers."""

from services.customers import repository
from services.customers.models import Company, Customer, Group
from shared.contracts.actor import ActorType
from shared.contracts.customers.companies import CompanyNotFound, CompanyView, GetCompany, ListCompanies
from shared.contracts.customers.customers import (
    CustomerNotFound,
    CustomerSnapshot,
    CustomerView,
    GetBuyer,
    GetCustomer,
    ListCustomers,
)
from shared.contracts.customers.groups import GroupView, ListGroups
from shared.contracts.values import Page
from shared.database.pages import page
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def get_customer(query: GetCustomer, work: Work) -> CustomerView:
    wanted = query.id or (work.actor.id if work.actor.type is ActorType.CUSTOMER else None)
    if wanted is None:
        raise CustomerNotFound("You are not a customer yourself; name one by id.")
    customer = await repository.customer(work.session, wanted, repository.visible_to(work.actor))
    return CustomerView.model_validate(customer)


@handler
async def list_customers(query: ListCustomers, work: Work) -> Page[CustomerView]:
    statement = repository.customers(query, repository.visible_to(work.actor))
    rows, following = await page(work.session, statement, Customer, query.cursor, query.limit)
    return Page[CustomerView](items=[CustomerView.model_validate(row) for row in rows], next=following)


@handler
async def get_buyer(query: GetBuyer, work: Work) -> CustomerSnapshot:
    customer = await repository.customer(work.session, query.id, repository.buyers_for(work.actor))
    return CustomerSnapshot.model_validate(customer)


@handler
async def get_company(query: GetCompany, work: Work) -> CompanyView:
    company = await work.session.get(Company, query.id)
    if company is None:
        raise CompanyNotFound
    return CompanyView.model_validate(company)


@handler
async def list_companies(query: ListCompanies, work: Work) -> Page[CompanyView]:
    rows, following = await page(work.session, repository.companies(query.q), Company, query.cursor, query.limit)
    return Page[CompanyView](items=[CompanyView.model_validate(row) for row in rows], next=following)


@handler
async def list_groups(query: ListGroups, work: Work) -> Page[GroupView]:
    rows, following = await page(work.session, repository.all_groups(), Group, query.cursor, query.limit)
    return Page[GroupView](items=[GroupView.model_validate(row) for row in rows], next=following)
