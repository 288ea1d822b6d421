"""/v1/sales-settings: who serves whom, and whose a sale is."""

from starlette.responses import Response

from services.gateway.answers import shown
from services.gateway.deps import Ask, Asked, Sent
from services.gateway.routing import resource
from shared.contracts.agents.settings import ChangeSalesSettings, GetSalesSettings

router = resource("/sales-settings", "sales settings")


@router.get("")
async def get_sales_settings(query: Asked[GetSalesSettings], ask: Ask) -> Response:
    """Show the shop's sales rules."""
    return shown(await ask.forward(query))


@router.put("")
async def change_sales_settings(command: Sent[ChangeSalesSettings], ask: Ask) -> Response:
    """Change the shop's sales rules, for orders from now on."""
    return shown(await ask.forward(command))
