"""Changes of who sees which product."""

from uuid import UUID

from services.catalog.domain.naming import (
    buyer_of,
    check_known,
    check_named,
    check_visibility_rule,
)
from services.catalog.domain.prices import PUBLIC
from services.catalog.domain.replacing import NOT_YET, check_replaced
from services.catalog.handlers.views.rules import visibility_rule_view
from services.catalog.models import VisibilityRule
from services.catalog.repository import access, catalogue, projections, rulebook, rules, targets
from shared.contracts.catalog.rules import BuyerScope
from shared.contracts.catalog.visibility import (
    AccessListNotFound,
    AccessListView,
    DeleteAccessList,
    DeleteVisibilityRule,
    PutAccessList,
    SetVisibilityRule,
    VisibilityChanged,
    VisibilityRuleNotFound,
    VisibilityRuleSnapshot,
    VisibilityRuleView,
)
from shared.contracts.values import Done
from shared.database.rows import lock, raise_version
from shared.kernel.ids import new_id
from shared.messaging.handler import handler
from shared.messaging.work import UnitOfWork, Work


@handler
async def set_visibility_rule(command: SetVisibilityRule, work: Work) -> VisibilityRuleView:
    session = work.session
    check_visibility_rule(command)
    buyer_id, target_id = buyer_of(command), command.target_id
    if command.buyer_scope is BuyerScope.GROUP:
        await _check_groups([buyer_id], "/buyer_id", work)
    # The book is locked first: no two make the first rule of a buyer for the same goods, and none is deleted.
    await rulebook.changed(session)
    unknown = await targets.unknown(session, command.scope, [target_id])
    check_known([target_id], unknown, "/target_id", command.scope)
    rule = await rules.visibility_rule(session, buyer_id, target_id)
    # A first rule whose answer was lost can be sent again.
    if rule is not None and command.expected_version is None and rule.allow is command.visible:
        return visibility_rule_view(rule)
    check_replaced(rule.version if rule else NOT_YET, command.expected_version)
    if rule is None:
        about = {"buyer_scope": command.buyer_scope, "scope": command.scope, "target_id": target_id}
        rule = VisibilityRule(id=new_id(), buyer_id=buyer_id, created_at=work.as_of, version=NOT_YET, **about)
        session.add(rule)
    rule.allow = command.visible
    rule.version += 1
    await session.flush()
    work.emit(VisibilityChanged(rule=VisibilityRuleSnapshot.model_validate(rule)))
    return visibility_rule_view(rule)


@handler
async def delete_visibility_rule(command: DeleteVisibilityRule, work: Work) -> Done:
    await rulebook.changed(work.session)
    rule = await lock(work.session, VisibilityRule, command.id, VisibilityRuleNotFound(), command.expected_version)
    await work.session.delete(rule)
    work.emit(VisibilityChanged(rule=_removed(rule)))
    return Done(id=command.id)


@handler
async def put_access_list(command: PutAccessList, work: Work) -> AccessListView:
    session, product_id = work.session, command.id
    check_named(command.customer_ids, command.group_ids)
    await _check_groups(command.group_ids, "/group_ids/{}", work)
    await rulebook.changed(session)
    await catalogue.by_id(session, product_id)
    wanted = access.members(command.customer_ids, command.group_ids)
    stands = await access.read(session, product_id)
    if stands.restricted and command.expected_version is None and await access.exactly(session, product_id, wanted):
        return stands
    check_replaced(stands.version, command.expected_version)
    rule = await rules.visibility_rule(session, PUBLIC, product_id)
    if rule is None:
        rule = access.closed(product_id, work.as_of)
        session.add(rule)
    else:
        raise_version(rule)
    rule.allow = False
    await session.flush()
    await access.put(session, product_id, wanted)
    work.emit(VisibilityChanged(rule=VisibilityRuleSnapshot.model_validate(rule)))
    return await access.read(session, product_id)


@handler
async def delete_access_list(command: DeleteAccessList, work: Work) -> Done:
    session = work.session
    await rulebook.changed(session)
    rule = await rules.visibility_rule(session, PUBLIC, command.id)
    if rule is None or rule.allow:
        raise AccessListNotFound
    raise_version(rule, command.expected_version)
    await session.flush()
    await access.lift(session, command.id)
    work.emit(VisibilityChanged(rule=_removed(rule)))
    return Done(id=command.id)


async def _check_groups(ids: list[UUID], pointer: str, work: UnitOfWork) -> None:
    check_known(ids, set(ids) - await projections.known_groups(work.session, ids), pointer, "group")


def _removed(rule: VisibilityRule) -> VisibilityRuleSnapshot:
    return VisibilityRuleSnapshot.model_validate(rule).model_copy(update={"removed": True})
