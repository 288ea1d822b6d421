"""Companies: the businesses that customers buy for."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from shared.contracts.actor import Permission
from shared.contracts.base import Command, Contract, Event, Query
from shared.contracts.values import Country, Line, Page, PageSize, Text
from shared.kernel.problems import Malformed, NotFound


class CompanyView(Contract):
    """A company that buys."""

    id: UUID
    legal_name: Text
    vat_number: str | None
    siret: str | None
    country: Country
    parent_id: UUID | None
    created_at: datetime
    version: int


class CompanySnapshot(Contract):
    """A company as events tell it."""

    id: UUID
    version: int
    legal_name: Text
    vat_number: str | None
    siret: str | None
    country: Country
    parent_id: UUID | None


class CompanyNotFound(NotFound):
    """There is no such company."""


class CompanyIdentifierInvalid(Malformed):
    """The SIRET or VAT number is not a valid one; check its digits."""


class CreateCompany(Command[CompanyView], subject="customers.create_company.v1", allow={Permission.CUSTOMERS_WRITE}):
    """Records a company; SIRET and VAT number are checked."""

    legal_name: Text
    vat_number: Line | None = Field(default=None, max_length=20)
    siret: Line | None = Field(default=None, max_length=20)
    country: Country = "FR"
    parent_id: UUID | None = None


class GetCompany(Query[CompanyView], subject="customers.get_company.v1", allow={Permission.CUSTOMERS_READ}):
    """Returns one company."""

    id: UUID


class ListCompanies(Query[Page[CompanyView]], subject="customers.list_companies.v1", allow={Permission.CUSTOMERS_READ}):
    """Returns companies, newest first."""

    q: Line | None = Field(default=None, max_length=100)
    cursor: str | None = None
    limit: PageSize = 20


class CompanyCreated(Event, subject="customers.company_created.v1", aggregate="company.id"):
    """A company was recorded."""

    company: CompanySnapshot
