"""Who serves whom, and whose a sale is."""

from services.agents.domain.attribution import check_order
from services.agents.repository import agents
from shared.contracts.agents.settings import ChangeSalesSettings, SalesSettings, SalesSettingsChanged
from shared.database.rows import raise_version
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def change_sales_settings(command: ChangeSalesSettings, work: Work) -> SalesSettings:
    check_order(command.attribution)
    row = await agents.settings(work.session, lock=True)
    raise_version(row, command.expected_version)
    row.agents_serve_all = command.agents_serve_all
    row.attribution = command.attribution
    settings = SalesSettings.model_validate(row)
    work.emit(SalesSettingsChanged(settings=settings))
    return settings
