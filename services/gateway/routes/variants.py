"""/v1/products/{id}/variants: the variants of a product, one by one."""

from starlette.responses import Response

from services.gateway.answers import created, shown
from services.gateway.deps import Ask, Sent
from services.gateway.routing import refusing, resource
from shared.contracts.catalog.prices import VariantNotFound
from shared.contracts.catalog.products import ProductInUse, ProductInvalid, ProductNotFound, SkuTaken
from shared.contracts.catalog.variants import AddVariant, ChangeVariant, DeleteVariant, LastVariant, OrderVariants

router = resource("/products/{id}/variants", "products")


@router.post("", status_code=201, responses=refusing(ProductNotFound, SkuTaken, ProductInvalid))
async def add_variant(command: Sent[AddVariant], ask: Ask) -> Response:
    """Add a variant to a product."""
    return created(await ask.forward(command), "/v1/products/{id}")


@router.put("", responses=refusing(ProductNotFound, ProductInvalid))
async def order_variants(command: Sent[OrderVariants], ask: Ask) -> Response:
    """Put the variants of a product in order."""
    return shown(await ask.forward(command))


@router.patch("/{variant_id}", responses=refusing(ProductNotFound, VariantNotFound, SkuTaken, ProductInvalid))
async def change_variant(command: Sent[ChangeVariant], ask: Ask) -> Response:
    """Edit a variant."""
    return shown(await ask.forward(command))


@router.delete("/{variant_id}", responses=refusing(ProductNotFound, VariantNotFound, ProductInUse, LastVariant))
async def delete_variant(command: Sent[DeleteVariant], ask: Ask) -> Response:
    """Delete a variant that was never sold."""
    return shown(await ask.forward(command))
