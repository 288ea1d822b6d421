"""Links between products: to others that exist, each once."""

from collections.abc import Collection, Sequence
from uuid import UUID

from shared.contracts.catalog.links import LinkInvalid
from shared.contracts.catalog.products import ProductNotFound
from shared.kernel.problems import FieldError


def check_links(product_id: UUID, linked: Sequence[UUID], unknown: Collection[UUID]) -> None:
    """Refuse links to the product itself, to the same one twice, or to none. Raises LinkInvalid naming each."""
    errors = []
    for index, id_ in enumerate(linked):
        pointer = f"/product_ids/{index}"
        if id_ == product_id:
            errors.append(FieldError(pointer, "LINK_TO_ITSELF", "A product does not lead to itself; leave it out."))
        elif id_ in unknown:
            errors.append(FieldError(pointer, ProductNotFound.code, "There is no such product; leave it out."))
        elif id_ in linked[:index]:
            errors.append(FieldError(pointer, "LINK_TWICE", "It is named before; name each product once."))
    if errors:
        raise LinkInvalid(errors=errors)
