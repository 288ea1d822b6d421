"""The settings of the catalogue, as the rule book keeps them."""

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.domain.prices import market_id
from services.catalog.repository import rulebook
from services.catalog.repository.tables import rule_book
from shared.contracts.catalog.catalog_settings import THE_BOOK, CatalogSettings

DEFAULT_MARKET_ID = "default_market_id"
_kept = select(rule_book.c.settings).where(rule_book.c.id == THE_BOOK)


async def read(session: AsyncSession, *, lock: bool = False) -> CatalogSettings:
    """Return the settings, locked until the transaction ends where they are to be changed. One statement."""
    kept = await session.scalar(_kept.with_for_update() if lock else _kept)
    return CatalogSettings.model_validate(kept)


async def put(session: AsyncSession, settings: CatalogSettings) -> None:
    """Replace settings that are locked. Two statements."""
    # Price lists know a market by its id: beside the code it is found in the statement that reads them.
    market = settings.default_market and str(market_id(settings.default_market))
    kept = settings.model_dump(mode="json") | {DEFAULT_MARKET_ID: market}
    await session.execute(update(rule_book).where(rule_book.c.id == THE_BOOK).values(settings=kept))
    await rulebook.changed(session)
