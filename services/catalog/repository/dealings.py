"""What decides prices and rights between a buyer and whoever acts, read in one statement."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, Uuid, bindparam, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.domain.dealings import BuyerFacts, Dealing, SellerFacts
from services.catalog.repository.tables import buyer_groups as groups
from services.catalog.repository.tables import buyers, sellers
from services.catalog.repository.tables import sales_rules as rules

VISITOR = "visitor"
visitors = groups.alias("visitors")


def _statement() -> Select[Any]:
    """Return the statement of one row, whatever of it is known."""
    hiding = select(func.count()).where(groups.c.id == func.any(buyers.c.group_ids), ~groups.c.show_prices)
    rule = select(rules.c.agents_serve_all).order_by(rules.c.version.desc()).limit(1)
    always = select(literal(1).label("one")).subquery("always")
    return select(
        buyers.c.id.label("buyer_id"),
        buyers.c.status.label("buyer_status"),
        buyers.c.group_ids,
        buyers.c.agent_id,
        hiding.correlate(buyers).scalar_subquery().label("hiding_groups"),
        sellers.c.id.label("seller_id"),
        sellers.c.status.label("seller_status"),
        sellers.c.max_discount_percent,
        sellers.c.max_increase_percent,
        rule.scalar_subquery().label("agents_serve_all"),
        visitors.c.id.label("visitor_group_id"),
        visitors.c.show_prices.label("visitors_see_prices"),
    ).select_from(
        always.outerjoin(buyers, buyers.c.id == bindparam("customer_id", type_=Uuid()))
        .outerjoin(sellers, sellers.c.id == bindparam("seller_id", type_=Uuid()))
        .outerjoin(visitors, visitors.c.code == VISITOR)
    )


READ = _statement()


async def read(session: AsyncSession, customer_id: UUID | None, seller_id: UUID | None) -> Dealing:
    """Return what is known of a buyer, of an agent, and of the shop's rules. One statement."""
    row = (await session.execute(READ, {"customer_id": customer_id, "seller_id": seller_id})).first()
    assert row is not None
    return dealing(row)


def dealing(row: Row[Any]) -> Dealing:
    """Return a row of READ as values; what is not known is None."""
    buyer = seller = None
    if row.buyer_id is not None:
        buyer = BuyerFacts(row.buyer_id, row.buyer_status, tuple(row.group_ids), row.agent_id, row.hiding_groups)
    if row.seller_id is not None:
        seller = SellerFacts(row.seller_id, row.seller_status, row.max_discount_percent, row.max_increase_percent)
    return Dealing(
        buyer=buyer,
        seller=seller,
        agents_serve_all=bool(row.agents_serve_all),
        visitor_group_id=row.visitor_group_id,
        visitors_see_prices=row.visitors_see_prices is not False,
    )
