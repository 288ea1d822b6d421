"""/v1/categories: the shop's tree."""

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.answers import created, listed
from services.gateway.deps import Ask, Asked, Sent
from services.gateway.routing import refusing, resource
from shared.contracts.catalog.products import CategoryCodeTaken, CategoryNotFound, CreateCategory, ListCategories

router = resource("/categories", "categories")


@router.get("")
async def list_categories(request: Request, query: Asked[ListCategories], ask: Ask) -> Response:
    """List categories."""
    return listed(await ask.forward(query), request)


@router.post("", status_code=201, responses=refusing(CategoryCodeTaken, CategoryNotFound))
async def create_category(command: Sent[CreateCategory], ask: Ask) -> Response:
    """Create a category."""
    return created(await ask.forward(command))
