"""Changes of many prices by a rule: asked for here, carried out by a job."""

from uuid import UUID

from services.catalog.domain.price_changes import ListToChange, PriceRule, check_list, check_rule
from services.catalog.handlers.jobs.price_changes import ChangePrices
from services.catalog.handlers.views.price_changes import price_change_view
from services.catalog.models import PriceChange
from services.catalog.repository import catalog_settings, price_changes, price_lists, targets
from shared.contracts.catalog.categories import CategoryNotFound
from shared.contracts.catalog.price_changes import (
    ChangePricesByRule,
    ChangeState,
    PriceChangeInvalid,
    PriceChangeView,
)
from shared.contracts.catalog.price_lists import Scope
from shared.kernel.problems import FieldError
from shared.messaging.handler import handler
from shared.messaging.work import UnitOfWork, Work


@handler
async def change_prices_by_rule(command: ChangePricesByRule, work: Work) -> PriceChangeView:
    session, id_ = work.session, work.made_id(ChangePricesByRule.subject)
    if made := await work.made_before(PriceChange, id_):
        return price_change_view(made)
    scale = (await catalog_settings.read(session)).unit_price_scale
    said = (command.kind, command.value, command.currency, command.rounding, command.mode, command.from_mode)
    rule = PriceRule(*said, scale)
    check_rule(rule, command.attribute, command.attribute_value)
    if command.list_id is not None:
        row = await price_lists.by_id(session, command.list_id)
        check_list(ListToChange(row.level, row.status, row.currency, row.mode), rule)
    change = PriceChange(
        id=id_,
        state=ChangeState.WAITING,
        category_id=await _category_id(work, command.category),
        rounding=None if command.rounding is None else command.rounding.model_dump(mode="json"),
        made_by=work.actor.ref().model_dump(mode="json"),
        request_digest=work.digest,
        **command.model_dump(exclude={"rounding"}),
    )
    change.total = await price_changes.count(session, change)
    session.add(change)
    await session.flush()
    await work.schedule(ChangePrices(change_id=id_), key=f"{id_}:0")
    return price_change_view(change)


async def _category_id(work: UnitOfWork, code: str | None) -> UUID | None:
    """Return the id of the category that a rule names, if it names one. Raises PriceChangeInvalid."""
    if code is None:
        return None
    known = await targets.ids(work.session, [(Scope.CATEGORY, code)])
    if not known:
        fault = FieldError("/category", CategoryNotFound.code, "There is no category with this code.")
        raise PriceChangeInvalid(errors=[fault])
    return known[Scope.CATEGORY, code]
