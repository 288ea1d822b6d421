"""/v1/products/{id}/access-list: who alone sees a product, and why somebody does not see or cannot buy it."""

from starlette.responses import Response

from services.gateway.answers import done, passed, shown
from services.gateway.deps import Ask, Asked, Sent
from services.gateway.routing import refusing, resource
from shared.contracts.catalog.prices import VariantNotFound
from shared.contracts.catalog.products import ProductNotFound
from shared.contracts.catalog.rules import RuleInvalid
from shared.contracts.catalog.visibility import (
    AccessListNotFound,
    DeleteAccessList,
    ExplainVisibility,
    GetAccessList,
    PutAccessList,
)
from shared.contracts.customers.customers import CustomerNotFound

router = resource("/products", "catalogue rules")


@router.get("/{id}/access-list", responses=refusing(ProductNotFound))
async def get_access_list(query: Asked[GetAccessList], ask: Ask) -> Response:
    """Show who alone sees a product."""
    return shown(await ask.forward(query))


@router.put("/{id}/access-list", responses=refusing(ProductNotFound, RuleInvalid))
async def put_access_list(command: Sent[PutAccessList], ask: Ask) -> Response:
    """Let these customers and groups see a product and nobody else; to change the list, If-Match names its version."""
    return shown(await ask.forward(command))


@router.delete("/{id}/access-list", status_code=204, responses=refusing(AccessListNotFound))
async def delete_access_list(command: Sent[DeleteAccessList], ask: Ask) -> Response:
    """Delete all rules about a product, so that it is seen like any other."""
    return done(await ask.forward(command))


@router.get("/{id}/visibility-explanation", responses=refusing(ProductNotFound, VariantNotFound, CustomerNotFound))
async def explain_visibility(query: Asked[ExplainVisibility], ask: Ask) -> Response:
    """Explain why a customer does or does not see and buy a product."""
    return passed(await ask.forward(query))
