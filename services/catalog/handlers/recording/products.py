"""What every change of a product leaves: what it is found by, what is told of it, and the sheet its editor reads."""

from services.catalog.domain.products import check_size, size_of
from services.catalog.models import Product
from services.catalog.repository.products import told
from services.catalog.repository.search import refresh_search
from services.catalog.repository.sheets import sheet
from shared.contracts.catalog.products import ProductChanged, ProductSheet
from shared.messaging.work import UnitOfWork


async def record_change(product: Product, work: UnitOfWork, *, grown: bool = True) -> ProductSheet:
    """Return the sheet of a locked product that was changed, its version raised; the change is told.

    One that has `grown` still fits into a message, or the change is refused.
    """
    await refresh_search(work.session, [product.id])
    changed = await sheet(work.session, product)
    if grown:
        check_size(size_of(changed))
    work.emit(ProductChanged(product=told(changed)))
    return changed
