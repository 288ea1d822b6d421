"""Changes of how the catalogue works."""

from services.catalog.domain.catalog_settings import check_may_change
from services.catalog.domain.reach import ALL_GOODS
from services.catalog.handlers.jobs.price_history import follow_prices
from services.catalog.repository import catalog_settings
from shared.contracts.catalog.catalog_settings import CatalogSettings, CatalogSettingsChanged, ChangeCatalogSettings
from shared.kernel.problems import PreconditionFailed
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def change_catalog_settings(command: ChangeCatalogSettings, work: Work) -> CatalogSettings:
    before = await catalog_settings.read(work.session, lock=True)
    if before.version != command.expected_version:
        raise PreconditionFailed(version=before.version)
    after = CatalogSettings(version=before.version + 1, **command.model_dump(exclude={"expected_version"}))
    check_may_change(work.actor, before, after)
    await catalog_settings.put(work.session, after)
    # The default market and the least margin are part of what everyone pays.
    await follow_prices(work, f"catalog settings {after.version}", ALL_GOODS)
    work.emit(CatalogSettingsChanged(settings=after))
    return after
