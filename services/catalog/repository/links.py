"""What products lead to."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.models import Product
from services.catalog.repository.tables import product_links
from shared.contracts.catalog.links import LinkKind, ProductLinks


async def put(session: AsyncSession, product_id: UUID, kind: LinkKind, linked: Sequence[UUID]) -> None:
    """Let a product lead to these and no others of a kind. Two statements."""
    mine = (product_links.c.product_id == product_id) & (product_links.c.kind == kind)
    await session.execute(delete(product_links).where(mine))
    if linked:
        rows = [
            {"product_id": product_id, "kind": kind, "linked_id": id_, "position": position}
            for position, id_ in enumerate(linked)
        ]
        await session.execute(insert(product_links), rows)


async def of_product(session: AsyncSession, product: Product) -> ProductLinks:
    """Return all that a product leads to."""
    mine = product_links.c.product_id == product.id
    rows = await session.execute(select(product_links).where(mine).order_by(product_links.c.position))
    linked: dict[str, list[UUID]] = defaultdict(list)
    for row in rows:
        linked[row.kind].append(row.linked_id)
    return ProductLinks(id=product.id, version=product.version, **linked)
