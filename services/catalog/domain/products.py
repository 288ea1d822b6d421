"""What makes a product acceptable: SKUs that are nobody else's, categories that exist."""

from collections.abc import Collection, Sequence
from uuid import UUID

from shared.contracts.catalog.products import CategoryNotFound, SkuTaken
from shared.kernel.problems import FieldError


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
