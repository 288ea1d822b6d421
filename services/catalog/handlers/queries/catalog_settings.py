"""How the catalogue works."""

from services.catalog.repository import catalog_settings
from shared.contracts.catalog.catalog_settings import CatalogSettings, GetCatalogSettings
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def get_catalog_settings(query: GetCatalogSettings, work: Work) -> CatalogSettings:
    return await catalog_settings.read(work.session)
