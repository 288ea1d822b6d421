"""/v1/catalog-settings: how the catalogue works."""

from starlette.responses import Response

from services.gateway.answers import shown
from services.gateway.deps import Ask, Asked, Sent
from services.gateway.routing import resource
from shared.contracts.catalog.catalog_settings import ChangeCatalogSettings, GetCatalogSettings

router = resource("/catalog-settings", "catalogue settings")


@router.get("")
async def get_catalog_settings(query: Asked[GetCatalogSettings], ask: Ask) -> Response:
    """Show how the catalogue works."""
    return shown(await ask.forward(query))


@router.put("")
async def change_catalog_settings(command: Sent[ChangeCatalogSettings], ask: Ask) -> Response:
    """Replace the settings of the catalogue, from now on."""
    return shown(await ask.forward(command))
