"""What every change of the rows of a price list leaves: what is told of it, and what everyone pays, found out anew."""

from collections.abc import Iterable
from uuid import UUID

from services.catalog.domain.reach import reach
from services.catalog.handlers.jobs.price_history import follow_prices
from services.catalog.models import PriceList
from shared.contracts.catalog.price_lists import PriceLevel, PriceListChanged, PriceListSnapshot, Scope
from shared.messaging.work import UnitOfWork


def cause(row: PriceList) -> str:
    """Return what tells this change of a list from all others."""
    return f"price list {row.id} {row.version}"


async def record_rows(row: PriceList, about: Iterable[tuple[Scope, UUID]], work: UnitOfWork) -> None:
    """Tell that a locked list, its version raised, has other rows than before about these targets."""
    work.emit(PriceListChanged(price_list=PriceListSnapshot.model_validate(row)))
    if row.level is PriceLevel.MARKET:
        await follow_prices(work, cause(row), reach(about))
