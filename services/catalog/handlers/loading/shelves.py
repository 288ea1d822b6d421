"""Pages of products, joined from what is remembered of their looks and the stock of this moment."""

from collections.abc import Iterable, Sequence
from functools import partial
from uuid import UUID

from services.catalog.domain.availability import StockSight
from services.catalog.domain.goods import Product
from services.catalog.domain.remembered import Memory
from services.catalog.domain.shelf import Look
from services.catalog.domain.terms import Terms
from services.catalog.handlers.views.storefront import look, product_view, stock_fields
from services.catalog.repository import goods
from services.catalog.repository.pages import Slot, stock_facts
from shared.contracts.catalog.storefront import ProductView
from shared.database.pages import PAGE_BYTES, fitting
from shared.messaging.ready import ready
from shared.messaging.work import UnitOfWork

SHELF = Memory[Look](8_000_000, lambda look: look.size)
NOTHING = b"[]"
GONE: tuple[Sequence[bytes], int] = ((), 0)


async def items(slots: Sequence[Slot], terms: Terms, work: UnitOfWork, room: int = PAGE_BYTES) -> tuple[bytes, int]:
    """Return products as a JSON list, in order, and how many of the slots that are: as many as fit into `room` bytes.

    No statement where all of them are remembered, else one.
    """
    found = [SHELF.find((slot.id, slot.version, terms.signature)) for slot in slots]
    if None in found:
        missing = [slot.id for slot, remembered in zip(slots, found, strict=True) if remembered is None]
        new = {product.id: _remember(product, terms) for product in await goods.of_products(work, missing, terms)}
        found = [remembered or new.get(slot.id) for slot, remembered in zip(slots, found, strict=True)]
    shown = [_shown(slot, remembered, terms.shown_stock) for slot, remembered in zip(slots, found, strict=True)]
    fitted = fitting((size for _, size in shown), room)
    return b"[" + b",".join(b"".join(pieces) for pieces, _ in shown[:fitted] if pieces) + b"]", fitted


async def single(slot: Slot, terms: Terms, work: UnitOfWork) -> ProductView | None:
    """Return one product, None where it went meanwhile. With how its prices came about it is read anew."""
    if terms.traced:
        found = await goods.of_products(work, [slot.id], terms)
        return product_view(found[0], stock_facts(slot.stock), terms) if found else None
    shown, _ = await items([slot], terms, work)
    return ready(ProductView, shown[1:-1]) if shown != NOTHING else None


def _shown(slot: Slot, remembered: Look | None, sight: StockSight) -> tuple[Sequence[bytes], int]:
    """Return a product as JSON and its length, nothing where it went meanwhile."""
    if remembered is None:
        return GONE
    return remembered.shown((slot.stock, sight), partial(_stock, slot.stock, sight))


def _stock(told: str | None, sight: StockSight) -> Iterable[tuple[UUID, bytes]]:
    return ((id_, stock_fields(facts, sight).encode()) for id_, facts in stock_facts(told))


def _remember(product: Product, terms: Terms) -> Look:
    return SHELF.keep((product.id, product.version, terms.signature), look(product, terms))
