"""What makes a product acceptable: SKUs that are nobody else's, categories that exist, a status that may follow."""

from collections.abc import Collection, Sequence
from uuid import UUID

from shared.contracts.catalog.products import CategoryNotFound, ProductStatus, SkuTaken
from shared.kernel import transitions
from shared.kernel.problems import FieldError

NEXT: transitions.Transitions[ProductStatus] = {
    ProductStatus.ACTIVE: frozenset({ProductStatus.DISCONTINUED}),
    ProductStatus.DISCONTINUED: frozenset({ProductStatus.ACTIVE}),
}


def advance(current: ProductStatus, to: ProductStatus) -> ProductStatus:
    """Return the status to take; the present one may be named again. Raises Conflict for a step the table lacks."""
    return transitions.advance(NEXT, current, to, "A product")


def check_skus(skus: Sequence[str], taken: Collection[str]) -> None:
    """Refuse SKUs that another variant has, or that two of these share. Raises SkuTaken naming each."""
    errors = [
        FieldError(f"/variants/{index}/sku", SkuTaken.code, f"{sku} is another variant's; choose another SKU.")
        for index, sku in enumerate(skus)
        if sku in taken or sku in skus[:index]
    ]
    if errors:
        raise SkuTaken(errors=errors)


def check_categories(category_ids: Sequence[UUID], unknown: Collection[UUID]) -> None:
    """Refuse categories that do not exist. Raises CategoryNotFound naming each."""
    errors = [
        FieldError(f"/category_ids/{index}", CategoryNotFound.code, "There is no such category.")
        for index, category_id in enumerate(category_ids)
        if category_id in unknown
    ]
    if errors:
        raise CategoryNotFound(errors=errors)
