"""Changes of how many of some goods buyers must or may take."""

from services.catalog.domain.naming import (
    buyer_of,
    check_known,
    check_possible,
    check_quantity_rule,
    target_of,
)
from services.catalog.domain.prices import PUBLIC
from services.catalog.domain.quantities import impossible, limits_of_each, one_buyer
from services.catalog.domain.replacing import NOT_YET, check_replaced
from services.catalog.handlers.views.rules import SAID, quantity_rule_snapshot, quantity_rule_view
from services.catalog.models import QuantityRule
from services.catalog.repository import projections, rulebook, rules, targets
from shared.contracts.catalog.rules import (
    BuyerScope,
    DeleteQuantityRule,
    QuantityRuleNotFound,
    QuantityRulesChanged,
    QuantityRuleView,
    SetQuantityRule,
)
from shared.contracts.values import Done
from shared.database.rows import lock
from shared.kernel.ids import new_id
from shared.messaging.handler import handler
from shared.messaging.work import UnitOfWork, Work


@handler
async def set_quantity_rule(command: SetQuantityRule, work: Work) -> QuantityRuleView:
    session = work.session
    buyer_id, target_id = buyer_of(command), target_of(command)
    # The book is locked first: no two make the first rule of a buyer for the same goods, and none is deleted.
    await rulebook.changed(session)
    await _check_named(command, work)
    rule = await rules.quantity_rule(session, buyer_id, target_id)
    # A first rule whose answer was lost can be sent again.
    if rule is not None and command.expected_version is None and _says(rule, command):
        return quantity_rule_view(rule)
    check_replaced(rule.version if rule else NOT_YET, command.expected_version)
    if rule is None:
        about = {"buyer_scope": command.buyer_scope, "scope": command.scope, "target_id": target_id}
        rule = QuantityRule(id=new_id(), buyer_id=buyer_id, created_at=work.as_of, version=NOT_YET, **about)
        session.add(rule)
    for name in SAID:
        setattr(rule, name, getattr(command, name))
    rule.version += 1
    await session.flush()
    await _check_some_quantity_is_left(rule, work)
    work.emit(QuantityRulesChanged(rule=quantity_rule_snapshot(rule)))
    return quantity_rule_view(rule)


@handler
async def delete_quantity_rule(command: DeleteQuantityRule, work: Work) -> Done:
    await rulebook.changed(work.session)
    rule = await lock(work.session, QuantityRule, command.id, QuantityRuleNotFound(), command.expected_version)
    await work.session.delete(rule)
    await work.session.flush()
    await _check_some_quantity_is_left(rule, work)
    work.emit(QuantityRulesChanged(rule=quantity_rule_snapshot(rule).model_copy(update={"removed": True})))
    return Done(id=command.id)


async def _check_named(command: SetQuantityRule, work: UnitOfWork) -> None:
    """Refuse a rule that contradicts itself, or names a group or goods that there are none of."""
    check_quantity_rule(command)
    buyer_id, target_id = buyer_of(command), target_of(command)
    if command.buyer_scope is BuyerScope.GROUP:
        unknown = {buyer_id} - await projections.known_groups(work.session, [buyer_id])
        check_known([buyer_id], unknown, "/buyer_id", "group")
    unknown = await targets.unknown(work.session, command.scope, [target_id])
    check_known([target_id], unknown, "/target_id", command.scope)


def _says(rule: QuantityRule, command: SetQuantityRule) -> bool:
    return all(getattr(rule, name) == getattr(command, name) for name in SAID)


async def _check_some_quantity_is_left(rule: QuantityRule, work: UnitOfWork) -> None:
    """Refuse a change after which the buyers of a rule could not order its goods, or some below, in any quantity."""
    buyers = {rule.buyer_id, PUBLIC}
    places, targets = await rules.places_below(work.session, [(rule.scope, rule.target_id)], buyers)
    facts = await rules.quantity_rules_for(work.session, buyers, targets)
    viewer = one_buyer(rule.buyer_scope, rule.buyer_id)
    for given in limits_of_each(facts, viewer, places):
        check_possible(impossible(given), rule.id)
