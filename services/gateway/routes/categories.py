"""/v1/categories: the shop's tree."""

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.answers import created, done, listed, shown
from services.gateway.deps import Ask, Asked, Sent
from services.gateway.routing import refusing, resource
from shared.contracts.catalog.categories import (
    CategoryCodeTaken,
    CategoryCycle,
    CategoryNotEmpty,
    CategoryNotFound,
    CategoryTooDeep,
    ChangeCategory,
    CreateCategory,
    DeleteCategory,
    GetCategory,
    ListCategories,
    MoveCategory,
)
from shared.contracts.catalog.storefront import LoginRequired
from shared.contracts.customers.customers import CustomerNotFound

router = resource("/categories", "categories")


@router.get("", responses=refusing(CustomerNotFound, LoginRequired))
async def list_categories(request: Request, query: Asked[ListCategories], ask: Ask) -> Response:
    """List categories."""
    return listed(await ask.forward(query), request)


@router.post("", status_code=201, responses=refusing(CategoryCodeTaken, CategoryNotFound, CategoryTooDeep))
async def create_category(command: Sent[CreateCategory], ask: Ask) -> Response:
    """Create a category."""
    return created(await ask.forward(command), "/v1/categories/{id}")


@router.get("/{id}", responses=refusing(CategoryNotFound, CustomerNotFound, LoginRequired))
async def get_category(query: Asked[GetCategory], ask: Ask) -> Response:
    """Show a category."""
    return shown(await ask.forward(query), changing=True)


@router.patch("/{id}", responses=refusing(CategoryNotFound, CategoryCodeTaken))
async def change_category(command: Sent[ChangeCategory], ask: Ask) -> Response:
    """Rename, translate or order a category."""
    return shown(await ask.forward(command), changing=True)


@router.put("/{id}/place", responses=refusing(CategoryNotFound, CategoryCycle, CategoryTooDeep))
async def move_category(command: Sent[MoveCategory], ask: Ask) -> Response:
    """Put a category, with all below it, under another or at the top."""
    return shown(await ask.forward(command), changing=True)


@router.delete("/{id}", status_code=204, responses=refusing(CategoryNotFound, CategoryNotEmpty))
async def delete_category(command: Sent[DeleteCategory], ask: Ask) -> Response:
    """Delete a category in which nothing stands."""
    return done(await ask.forward(command))
