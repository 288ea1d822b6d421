"""Base prices under change: what variants cost everyone, by currency and mode, and since when."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.models import BasePrice
from services.catalog.repository import price_history
from services.catalog.repository.tables import base_prices
from shared.contracts.catalog.price_lists import PriceMode
from shared.contracts.catalog.products import BasePriceView
from shared.kernel.money import UnitPrice

_given = postgresql.insert(base_prices)
_put: Any = _given.on_conflict_do_update(
    index_elements=["variant_id", "currency", "mode"],
    set_={name: _given.excluded[name] for name in ("amount", "original", "floor")},
)


async def of_variants(session: AsyncSession, variant_ids: Iterable[UUID]) -> defaultdict[UUID, list[BasePriceView]]:
    """Return what variants cost everyone: by currency, first without tax, then with it. One statement."""
    wanted = BasePrice.variant_id.in_(list(variant_ids))
    ordered = select(BasePrice).where(wanted).order_by(BasePrice.variant_id, BasePrice.currency, BasePrice.mode.desc())
    rows = await session.scalars(ordered)
    prices: defaultdict[UUID, list[BasePriceView]] = defaultdict(list)
    for row in rows:
        prices[row.variant_id].append(
            BasePriceView(
                unit_price=UnitPrice(row.amount, row.currency),
                original_price=_amount(row.original, row.currency),
                floor=_amount(row.floor, row.currency),
                mode=row.mode,
            )
        )
    return prices


def _amount(amount: Decimal | None, currency: str) -> UnitPrice | None:
    return None if amount is None else UnitPrice(amount, currency)


async def put(session: AsyncSession, priced: Sequence[tuple[UUID, BasePriceView]], at: datetime) -> None:
    """Set base prices of variants, and write down what everyone pays from a moment on. At most six statements."""
    if priced:
        await session.execute(_put, [_row(*given) for given in priced])
        await price_history.record(session, list({id_ for id_, _ in priced}), at)


async def withdraw(session: AsyncSession, variant_id: UUID, mode: PriceMode, currencies: Collection[str]) -> None:
    """Let a variant have no base price of a mode in these currencies any more."""
    await session.execute(
        delete(BasePrice)
        .where(BasePrice.variant_id == variant_id, BasePrice.mode == mode, BasePrice.currency.in_(currencies))
        .execution_options(synchronize_session=False)
    )


def _row(variant_id: UUID, price: BasePriceView) -> dict[str, Any]:
    return {
        "variant_id": variant_id,
        "currency": price.unit_price.currency,
        "mode": price.mode,
        "amount": price.unit_price.amount,
        "original": price.original_price and price.original_price.amount,
        "floor": price.floor and price.floor.amount,
    }
