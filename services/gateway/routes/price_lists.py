"""/v1/price-lists: prices agreed with some, or with all, and the rows they are made of."""

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.answers import created, listed, shown
from services.gateway.deps import Ask, Asked, Sent
from services.gateway.routing import refusing, resource
from shared.contracts.catalog.price_lists import (
    ChangePriceList,
    CreatePriceList,
    GetPriceList,
    ListPriceLists,
    PriceListCodeTaken,
    PriceListInvalid,
    PriceListNotFound,
)
from shared.contracts.catalog.price_rows import DeletePriceRows, ListPriceRows, PriceRowsInvalid, PutPriceRows
from shared.kernel.problems import Conflict

router = resource("/price-lists", "price lists")


@router.get("")
async def list_price_lists(request: Request, query: Asked[ListPriceLists], ask: Ask) -> Response:
    """List price lists."""
    return listed(await ask.forward(query), request)


@router.post("", status_code=201, responses=refusing(PriceListInvalid, PriceListCodeTaken))
async def create_price_list(command: Sent[CreatePriceList], ask: Ask) -> Response:
    """Create a price list."""
    return created(await ask.forward(command), "/v1/price-lists/{id}")


@router.get("/{id}", responses=refusing(PriceListNotFound))
async def get_price_list(query: Asked[GetPriceList], ask: Ask) -> Response:
    """Show a price list."""
    return shown(await ask.forward(query), changing=True)


@router.put("/{id}", responses=refusing(PriceListNotFound, PriceListInvalid, Conflict))
async def change_price_list(command: Sent[ChangePriceList], ask: Ask) -> Response:
    """Replace what can be changed of a price list; archive it by its status."""
    return shown(await ask.forward(command), changing=True)


@router.get("/{id}/rows", responses=refusing(PriceListNotFound))
async def list_price_rows(request: Request, query: Asked[ListPriceRows], ask: Ask) -> Response:
    """List the rows of a price list."""
    return listed(await ask.forward(query), request)


@router.put("/{id}/rows", responses=refusing(PriceListNotFound, PriceRowsInvalid))
async def put_price_rows(command: Sent[PutPriceRows], ask: Ask) -> Response:
    """Set rows of a price list, all or none; If-Match names the version of the list."""
    return shown(await ask.forward(command))


@router.post("/{id}/rows/deletion", responses=refusing(PriceListNotFound))
async def delete_price_rows(command: Sent[DeletePriceRows], ask: Ask) -> Response:
    """Delete rows of a price list; If-Match names the version of the list."""
    return shown(await ask.forward(command))
