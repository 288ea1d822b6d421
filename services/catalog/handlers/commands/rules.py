"""Changes of how many of some goods buyers must or may take, and on what terms groups buy."""

from services.catalog.domain.minimums import TermsFacts, check_terms
from services.catalog.domain.naming import (
    NOT_YET,
    buyer_of,
    check_known,
    check_possible,
    check_quantity_rule,
    check_replaced,
    named,
    target_of,
)
from services.catalog.domain.prices import PUBLIC
from services.catalog.domain.quantities import impossible, limits, one_buyer
from services.catalog.models import GroupTerms, QuantityRule
from services.catalog.repository import content, rulebook, rules
from shared.contracts.catalog.group_terms import (
    GroupTermsChanged,
    GroupTermsSnapshot,
    GroupTermsView,
    SetGroupTerms,
)
from shared.contracts.catalog.rules import (
    BuyerScope,
    DeleteQuantityRule,
    QuantityRuleNotFound,
    QuantityRulesChanged,
    QuantityRuleSnapshot,
    QuantityRuleView,
    SetQuantityRule,
)
from shared.contracts.customers.groups import GroupNotFound
from shared.contracts.values import Done
from shared.database.rows import lock
from shared.kernel.ids import new_id
from shared.messaging.handler import handler
from shared.messaging.work import UnitOfWork, Work

SAID = ("min_qty", "max_qty", "multiple", "period_qty", "period_days", "basis")


@handler
async def set_quantity_rule(command: SetQuantityRule, work: Work) -> QuantityRuleView:
    session = work.session
    buyer_id, target_id = buyer_of(command), target_of(command)
    await _check_named(command, work)
    # The book is locked first, so that no two make the first rule of a buyer for the same goods.
    await rulebook.changed(session)
    rule = await rules.quantity_rule(session, buyer_id, target_id)
    # A first rule whose answer was lost can be sent again.
    if rule is not None and command.expected_version is None and _says(rule, command):
        return shown_rule(rule)
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
    work.emit(QuantityRulesChanged(rule=_told(rule)))
    return shown_rule(rule)


@handler
async def delete_quantity_rule(command: DeleteQuantityRule, work: Work) -> Done:
    await rulebook.changed(work.session)
    rule = await lock(work.session, QuantityRule, command.id, QuantityRuleNotFound(), command.expected_version)
    await work.session.delete(rule)
    await work.session.flush()
    await _check_some_quantity_is_left(rule, work)
    work.emit(QuantityRulesChanged(rule=_told(rule).model_copy(update={"removed": True})))
    return Done(id=command.id)


@handler
async def set_group_terms(command: SetGroupTerms, work: Work) -> GroupTermsView:
    session, group_id = work.session, command.group_id
    if not await content.known_groups(session, [group_id]):
        raise GroupNotFound
    said = (command.minimum_qty, command.minimum_subtotal, command.operator, command.action, command.surcharge)
    check_terms(TermsFacts(group_id, *said))
    await rulebook.changed(session)
    terms = await session.get(GroupTerms, group_id, with_for_update=True)
    wanted = _kept(command)
    if terms is not None and command.expected_version is None and _stands(terms, wanted):
        return shown_terms(terms)
    check_replaced(terms.version if terms else NOT_YET, command.expected_version)
    if terms is None:
        terms = GroupTerms(group_id=group_id, version=NOT_YET)
        session.add(terms)
    for name, value in wanted.items():
        setattr(terms, name, value)
    terms.version += 1
    await session.flush()
    told = GroupTermsSnapshot(id=group_id, version=terms.version, availability=terms.availability, action=terms.action)
    work.emit(GroupTermsChanged(terms=told))
    return shown_terms(terms)


def shown_rule(rule: QuantityRule) -> QuantityRuleView:
    """Return a quantity rule as those who keep the catalogue see it."""
    return QuantityRuleView(
        id=rule.id,
        buyer_scope=rule.buyer_scope,
        buyer_id=named(rule.buyer_id),
        scope=rule.scope,
        target_id=named(rule.target_id),
        created_at=rule.created_at,
        version=rule.version,
        **{name: getattr(rule, name) for name in SAID},
    )


def shown_terms(terms: GroupTerms) -> GroupTermsView:
    """Return on what terms a group buys, as those who set them see it."""
    return GroupTermsView(
        group_id=terms.group_id,
        availability=terms.availability,
        minimum_qty=terms.minimum_qty,
        minimum_subtotal=rules.money(terms.minimum_subtotal, terms.currency),
        operator=terms.operator,
        action=terms.action,
        surcharge=rules.money(terms.surcharge, terms.currency),
        version=terms.version,
    )


async def _check_named(command: SetQuantityRule, work: UnitOfWork) -> None:
    """Refuse a rule that contradicts itself, or names a group or goods that there are none of."""
    check_quantity_rule(command)
    buyer_id, target_id = buyer_of(command), target_of(command)
    if command.buyer_scope is BuyerScope.GROUP:
        unknown = {buyer_id} - await content.known_groups(work.session, [buyer_id])
        check_known([buyer_id], unknown, "/buyer_id", "group")
    unknown = await rules.unknown_targets(work.session, command.scope, [target_id])
    check_known([target_id], unknown, "/target_id", command.scope)


def _says(rule: QuantityRule, command: SetQuantityRule) -> bool:
    return all(getattr(rule, name) == getattr(command, name) for name in SAID)


def _kept(command: SetGroupTerms) -> dict[str, object]:
    """Return terms as their row keeps them: the amounts of one currency, and which."""
    amounts = [amount for amount in (command.minimum_subtotal, command.surcharge) if amount is not None]
    return {
        "availability": command.availability,
        "minimum_qty": command.minimum_qty,
        "minimum_subtotal": command.minimum_subtotal and command.minimum_subtotal.amount,
        "surcharge": command.surcharge and command.surcharge.amount,
        "currency": amounts[0].currency if amounts else None,
        "operator": command.operator,
        "action": command.action,
    }


def _stands(terms: GroupTerms, wanted: dict[str, object]) -> bool:
    return all(getattr(terms, name) == value for name, value in wanted.items())


async def _check_some_quantity_is_left(rule: QuantityRule, work: UnitOfWork) -> None:
    """Refuse a change after which the buyers of a rule could not order its goods, or some below, in any quantity."""
    buyers = {rule.buyer_id, PUBLIC}
    places, targets = await rules.places_below(work.session, rule.scope, rule.target_id, buyers)
    facts = await rules.quantity_rules_for(work.session, buyers, targets)
    viewer = one_buyer(rule.buyer_scope, rule.buyer_id)
    for place in places:
        check_possible(impossible(limits(facts, viewer, place)), rule.id)


def _told(rule: QuantityRule) -> QuantityRuleSnapshot:
    return QuantityRuleSnapshot(
        id=rule.id,
        version=rule.version,
        buyer_scope=rule.buyer_scope,
        scope=rule.scope,
        target_id=named(rule.target_id),
    )
