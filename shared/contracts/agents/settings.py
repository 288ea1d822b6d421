"""The shop's rules of who serves whom, and whose a sale is."""

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from shared.contracts.actor import Permission
from shared.contracts.base import Command, Contract, Event, Query


class Attribution(StrEnum):
    """Why a sale belongs to an agent (rules 3.11)."""

    CUSTOMER_AGENT = "customer_agent"
    ACTING_AGENT = "acting_agent"


class SalesSettings(Contract):
    """The shop's rules of who serves whom and whose a sale is; first attribution that fits wins."""

    id: UUID
    version: int
    agents_serve_all: bool
    attribution: list[Attribution]


class ChangeSalesSettings(
    Command[SalesSettings], subject="agents.change_sales_settings.v1", allow={Permission.AGENTS_WRITE}, keyed=False
):
    """Changes who serves whom and whose a sale is, for orders placed from now on."""

    expected_version: int
    agents_serve_all: bool
    attribution: list[Attribution] = Field(min_length=1, max_length=2)


class GetSalesSettings(Query[SalesSettings], subject="agents.get_sales_settings.v1", allow={Permission.AGENTS_READ}):
    """Returns the shop's rules of who serves whom and whose a sale is."""


class SalesSettingsChanged(Event, subject="agents.sales_settings_changed.v1", aggregate="settings.id"):
    """The shop's rules of who serves whom changed."""

    settings: SalesSettings
