"""Customer groups: who belongs together for prices and visibility."""

from datetime import datetime
from uuid import UUID

from shared.contracts.actor import Permission
from shared.contracts.base import Command, Contract, Event, Query
from shared.contracts.values import Code, Page, PageSize, Text
from shared.kernel.problems import Conflict, NotFound


class GroupView(Contract):
    """A group of customers; `visitor`, `guest` and `customer` are built in."""

    id: UUID
    code: Code
    name: Text
    built_in: bool
    show_prices: bool
    created_at: datetime
    version: int


class GroupSnapshot(Contract):
    """A group as events tell it."""

    id: UUID
    version: int
    code: Code
    name: Text
    show_prices: bool


class GroupNotFound(NotFound):
    """There is no such group; GET /v1/customer-groups lists them."""


class GroupCodeTaken(Conflict):
    """Another group already has this code."""


class CreateGroup(Command[GroupView], subject="customers.create_group.v1", allow={Permission.CUSTOMERS_WRITE}):
    """Creates a customer group."""

    code: Code
    name: Text
    show_prices: bool = True


class ListGroups(Query[Page[GroupView]], subject="customers.list_groups.v1", allow={Permission.CUSTOMERS_READ}):
    """Returns the customer groups."""

    cursor: str | None = None
    limit: PageSize = 100


class GroupCreated(Event, subject="customers.group_created.v1", aggregate="group.id"):
    """A customer group exists that did not before."""

    group: GroupSnapshot
