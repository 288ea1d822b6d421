"""Pages of products, joined from what is remembered of their looks and the stock of this moment."""

from collections.abc import Sequence

from services.catalog.domain.goods import Product
from services.catalog.domain.shelf import Pieces, Shelf
from services.catalog.domain.terms import Terms
from services.catalog.handlers.views.storefront import pieces, stock_fields
from services.catalog.repository import goods
from services.catalog.repository.pages import Slot
from shared.database.pages import PAGE_BYTES, fitting
from shared.messaging.work import UnitOfWork

SHELF = Shelf()


async def items(slots: Sequence[Slot], terms: Terms, work: UnitOfWork, room: int = PAGE_BYTES) -> tuple[str, int]:
    """Return products as a JSON list, in order, and how many of the slots that are: as many as fit into `room` bytes.

    No statement where all of them are remembered, else one.
    """
    found = {slot.id: SHELF.find((slot.id, slot.version, terms.signature)) for slot in slots}
    missing = [id_ for id_, remembered in found.items() if remembered is None]
    if missing:
        for product in await goods.of_products(work, missing, terms):
            found[product.id] = _remember(product, terms)
    written = [_written(slot, found[slot.id], terms) for slot in slots]
    fitted = fitting((len(one.encode()) for one in written), room)
    return f"[{','.join(filter(None, written[:fitted]))}]", fitted


def _written(slot: Slot, look: Pieces | None, terms: Terms) -> str:
    """Return a product as JSON, nothing where it went meanwhile."""
    if look is None:
        return ""
    return look.joined((id_, stock_fields(facts, terms.shown_stock)) for id_, facts in slot.stock)


def _remember(product: Product, terms: Terms) -> Pieces:
    return SHELF.keep((product.id, product.version, terms.signature), pieces(product, terms))
