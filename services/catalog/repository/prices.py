"""The price of one group for one variant: a row of the list that is the group's own."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.domain.replacing import NOT_YET
from services.catalog.models import PriceList, PriceRow
from services.catalog.repository.tables import price_list_targets, price_lists
from shared.contracts.catalog.price_lists import (
    AdjustmentKind,
    ListStatus,
    PriceLevel,
    PriceMode,
    Reference,
    Scope,
    TargetKind,
    TierBasis,
)
from shared.kernel.ids import new_id
from shared.kernel.money import UnitPrice


def own_list(group_id: UUID, currency: str, mode: PriceMode) -> str:
    """Return the code of the list that holds a group's own prices in a currency and mode."""
    without_tax = f"group-{group_id}-{currency.lower()}"
    return without_tax if mode is PriceMode.NET else f"{without_tax}-{mode}"


async def find(
    session: AsyncSession, variant_id: UUID, group_id: UUID, currency: str, mode: PriceMode
) -> tuple[PriceRow, PriceList] | None:
    """Return what a variant costs a group in a currency and mode, if it has such a price, and the list that says so."""
    of_list = select(PriceRow, PriceList).join(PriceList, PriceList.id == PriceRow.list_id)
    own = of_list.where(PriceList.code == own_list(group_id, currency, mode))
    found = (await session.execute(own.where(PriceRow.target_id == variant_id, PriceRow.min_qty == 1))).first()
    return None if found is None else (found[0], found[1])


async def lock_own_list(session: AsyncSession, group_id: UUID, currency: str, mode: PriceMode) -> PriceList:
    """Return the list of a group's own prices, made where there is none yet, locked. Three statements."""
    made = insert(price_lists).values(
        id=new_id(),
        code=own_list(group_id, currency, mode),
        name="Prices of one group",
        level=PriceLevel.GROUP,
        currency=currency,
        mode=mode,
        status=ListStatus.ACTIVE,
        tier_basis=TierBasis.VARIANT,
        version=NOT_YET,
    )
    await session.execute(made.on_conflict_do_nothing(index_elements=["code"]))
    own = select(PriceList).where(PriceList.code == own_list(group_id, currency, mode)).with_for_update()
    found = (await session.scalars(own)).one()
    target = insert(price_list_targets).values(list_id=found.id, target_id=group_id, kind=TargetKind.GROUP)
    await session.execute(target.on_conflict_do_nothing())
    return found


async def locked(session: AsyncSession, to: PriceList, variant_id: UUID) -> PriceRow:
    """Return what a variant costs by a list that is locked; where it costs nothing yet, a row NOT_YET set."""
    row = await session.scalar(
        select(PriceRow).where(PriceRow.list_id == to.id, PriceRow.target_id == variant_id, PriceRow.min_qty == 1)
    )
    return row or PriceRow(
        id=new_id(),
        list_id=to.id,
        scope=Scope.VARIANT,
        target_id=variant_id,
        kind=AdjustmentKind.FIXED,
        reference=Reference.BASE,
        version=NOT_YET,
    )


async def put(session: AsyncSession, to: PriceList, row: PriceRow, price: UnitPrice) -> None:
    """Set a price that is `locked`, its version and that of its list raised."""
    row.kind, row.value = AdjustmentKind.FIXED, price.amount
    row.version += 1
    to.version += 1
    session.add(row)
    await session.flush()
