"""What decides prices and rights between a buyer and whoever acts, read in one statement."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, func, literal, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.domain.dealings import BuyerFacts, Dealing, SellerFacts
from services.catalog.models import Buyer, BuyerGroup, SalesRule, Seller
from shared.database.columns import UUID_TYPE

_hiding = (
    select(func.count())
    .where(BuyerGroup.id == func.any(Buyer.group_ids), ~BuyerGroup.show_prices)
    .correlate(Buyer)
    .scalar_subquery()
)
