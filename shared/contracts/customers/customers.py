"""Customers: the people who buy."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from shared.contracts.actor import Permission, service_permission
from shared.contracts.base import Command, Contract, Event, Query
from shared.contracts.values import Country, Email, Line, Locale, Page, PageSize, Text
from shared.kernel.problems import Conflict, Forbidden, NotFound

READ = {Permission.CUSTOMERS_READ, Permission.CUSTOMERS_READ_OWN}
BUYER_KEEPERS = frozenset({"catalog", "orders", "notifications"})


class CustomerStatus(StrEnum):
    """Whether a customer may buy (rules 3.7)."""

    PENDING = "pending"
    APPROVED = "approved"
    SUSPENDED = "suspended"


class Address(Contract):
    """Where to send goods or an invoice."""

    recipient: Text
    lines: list[Text] = Field(min_length=1, max_length=3)
    postal_code: Line | None = Field(default=None, max_length=20)
    city: Text
    region: Line | None = Field(default=None, max_length=100)
    country: Country


class CustomerView(Contract):
    """A customer as staff, their agent and they themselves see them."""

    id: UUID
    email: Email
    name: Text
    locale: Locale
    status: CustomerStatus
    company_id: UUID | None
    company_name: str | None
    group_ids: list[UUID]
    agent_id: UUID | None
    billing_address: Address | None
    shipping_address: Address | None
    reference: str | None
    created_at: datetime
    version: int


class CustomerSnapshot(Contract):
    """A customer as events tell it: what prices, orders and mails need to know of a buyer."""

    id: UUID
    version: int
    email: Email
    name: Text
    locale: Locale
    status: CustomerStatus
    company_id: UUID | None
    company_name: str | None
    group_ids: list[UUID]
    agent_id: UUID | None
    billing_address: Address | None
    shipping_address: Address | None


class CustomerNotFound(NotFound):
    """There is no customer here that you may see."""


class CustomerEmailTaken(Conflict):
    """Another customer already has this e-mail address."""


class AccountPending(Forbidden):
    """This customer is not approved yet and cannot order."""


class CustomerSuspended(Forbidden):
    """This customer is suspended and cannot order."""


class RegisterCustomer(
    Command[CustomerView], subject="customers.register_customer.v1", allow={Permission.CUSTOMERS_WRITE}
):
    """Adds a customer by hand; with no group named they enter the group `customer`."""

    email: Email
    name: Text
    locale: Locale = "fr"
    company_id: UUID | None = None
    group_ids: list[UUID] = Field(default_factory=list, max_length=50)
    agent_id: UUID | None = None
    status: CustomerStatus = CustomerStatus.APPROVED
    billing_address: Address | None = None
    shipping_address: Address | None = None
    reference: Line | None = Field(default=None, max_length=64, description="The merchant's own number for them.")


class ChangeCustomer(
    Command[CustomerView], subject="customers.change_customer.v1", allow={Permission.CUSTOMERS_WRITE}, keyed=False
):
    """Edits a customer; what is left out stays as it is."""

    id: UUID
    expected_version: int
    name: Text | None = None
    email: Email | None = None
    locale: Locale | None = None
    status: CustomerStatus | None = None
    billing_address: Address | None = None
    shipping_address: Address | None = None


class AssignGroups(
    Command[CustomerView], subject="customers.assign_groups.v1", allow={Permission.CUSTOMERS_WRITE}, keyed=False
):
    """Puts a customer into these groups and no others."""

    id: UUID
    expected_version: int
    group_ids: list[UUID] = Field(min_length=1, max_length=50)


class AssignAgent(
    Command[CustomerView], subject="customers.assign_agent.v1", allow={Permission.CUSTOMERS_WRITE}, keyed=False
):
    """Gives a customer to an agent, or to nobody."""

    id: UUID
    expected_version: int
    agent_id: UUID | None


class GetCustomer(Query[CustomerView], subject="customers.get_customer.v1", allow=READ):
    """Returns one customer; without an id, the caller themselves. An agent sees their own only."""

    id: UUID | None = None


class ListCustomers(Query[Page[CustomerView]], subject="customers.list_customers.v1", allow=READ):
    """Returns customers, newest first; an agent gets their own only."""

    q: Line | None = Field(default=None, max_length=100)
    group_id: UUID | None = None
    agent_id: UUID | None = None
    company_id: UUID | None = None
    status: CustomerStatus | None = None
    reference: Line | None = Field(default=None, max_length=64)
    cursor: str | None = None
    limit: PageSize = 20


class GetBuyer(
    Query[CustomerSnapshot],
    subject="customers.get_buyer.v1",
    allow={service_permission(name) for name in BUYER_KEEPERS} | {Permission.PUBLIC},
    asked_by=BUYER_KEEPERS,
):
    """Returns a customer as events tell it, for a service whose projection has not heard of them yet."""

    id: UUID


class CustomerRegistered(Event, subject="customers.customer_registered.v1", aggregate="customer.id"):
    """A new customer is known."""

    customer: CustomerSnapshot


class CustomerChanged(Event, subject="customers.customer_changed.v1", aggregate="customer.id"):
    """A customer's name, status or addresses changed."""

    customer: CustomerSnapshot


class GroupsChanged(Event, subject="customers.groups_changed.v1", aggregate="customer.id"):
    """A customer is in other groups."""

    customer: CustomerSnapshot


class AgentAssigned(Event, subject="customers.agent_assigned.v1", aggregate="customer.id"):
    """A customer is looked after by another agent, or by none."""

    customer: CustomerSnapshot
