"""Changes of price lists."""

from collections.abc import Sequence
from uuid import UUID

from services.catalog.domain.price_lists import (
    advance,
    check_code,
    check_list,
    check_own,
    first_status,
    groups_of,
    target_id,
)
from services.catalog.domain.reach import ALL_GOODS, reach
from services.catalog.handlers.jobs.price_history import follow_prices
from services.catalog.handlers.recording.price_lists import cause
from services.catalog.handlers.views.price_lists import price_list_view
from services.catalog.models import PriceList
from services.catalog.repository import price_history, price_lists, price_rows, projections
from shared.contracts.catalog.price_lists import (
    ChangePriceList,
    CreatePriceList,
    ListTarget,
    PriceLevel,
    PriceListChanged,
    PriceListCodeTaken,
    PriceListCreated,
    PriceListNotFound,
    PriceListSnapshot,
    PriceListView,
    TargetKind,
)
from shared.database.rows import lock
from shared.messaging.handler import handler
from shared.messaging.work import Work

REPLACED = ("name", "priority", "starts_at", "ends_at", "tier_basis", "stackable")


@handler
async def create_price_list(command: CreatePriceList, work: Work) -> PriceListView:
    session, id_ = work.session, work.made_id(CreatePriceList.subject)
    if made := await work.made_before(PriceList, id_):
        return await price_list_view(made, work)
    check_code(command.code)
    known = await projections.known_groups(session, groups_of(command.targets))
    check_list(command.level, command.targets, command.starts_at, command.ends_at, known)
    if await price_lists.code_taken(session, command.code):
        raise PriceListCodeTaken(f"Another price list has the code {command.code}; choose another.")
    opening = await price_history.opens(session, _markets(command.targets))
    given = command.model_dump(exclude={"targets", "status"})
    row = PriceList(id=id_, request_digest=work.digest, status=first_status(command.status), **given)
    session.add(row)
    await session.flush()
    await price_lists.put_targets(session, id_, command.targets)
    work.emit(PriceListCreated(price_list=PriceListSnapshot.model_validate(row)))
    if opening:
        await follow_prices(work, cause(row), ALL_GOODS)
    return await price_list_view(row, work)


@handler
async def change_price_list(command: ChangePriceList, work: Work) -> PriceListView:
    session = work.session
    row = await lock(session, PriceList, command.id, PriceListNotFound(), command.expected_version)
    before = (await price_lists.targets(session, [row.id]))[row.id]
    check_own(row.code, (row.status, _ids(before)), (command.status, _ids(command.targets)))
    known = await projections.known_groups(session, groups_of(command.targets))
    check_list(row.level, command.targets, command.starts_at, command.ends_at, known)
    moments = (row.starts_at, row.ends_at, command.starts_at, command.ends_at)
    row.status = advance(row.status, command.status)
    opening = await price_history.opens(session, _markets(command.targets))
    for name in REPLACED:
        setattr(row, name, getattr(command, name))
    await session.flush()
    await price_lists.put_targets(session, row.id, command.targets)
    work.emit(PriceListChanged(price_list=PriceListSnapshot.model_validate(row)))
    if row.level is PriceLevel.MARKET:
        about = ALL_GOODS if opening else reach(await price_rows.about(session, row.id))
        await follow_prices(work, cause(row), about, *moments)
    return await price_list_view(row, work)


def _markets(targets: Sequence[ListTarget]) -> list[str]:
    return [target.code for target in targets if target.kind is TargetKind.MARKET and target.code is not None]


def _ids(targets: Sequence[ListTarget]) -> set[UUID]:
    return {id_ for target in targets if (id_ := target_id(target)) is not None}
