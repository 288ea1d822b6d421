"""What the deletion of goods leaves: no rule, price list or promotion names them any more, and each is told of.

What named nothing else goes with them. Nothing comes to be about other goods than before: a price list without rows
prices nothing, and a promotion without targets is disabled.
"""

from collections.abc import Collection
from uuid import UUID

from services.catalog.handlers.views.promotions import promotion_snapshot
from services.catalog.handlers.views.rules import quantity_rule_snapshot
from services.catalog.repository import forgetting, rulebook
from services.catalog.repository.tables import quantity_rules, visibility_rules
from shared.contracts.catalog.price_lists import PriceListChanged, PriceListSnapshot
from shared.contracts.catalog.promotions import PromotionChanged
from shared.contracts.catalog.rules import QuantityRulesChanged
from shared.contracts.catalog.visibility import VisibilityChanged, VisibilityRuleSnapshot
from shared.messaging.work import UnitOfWork


async def forget(work: UnitOfWork, ids: Collection[UUID]) -> None:
    """Let nothing name these goods, which are locked, as the rule book is, and about to be deleted."""
    session = work.session
    for price_list in await forgetting.prices(session, ids):
        work.emit(PriceListChanged(price_list=PriceListSnapshot.model_validate(price_list)))
    seen = await forgetting.rules(session, visibility_rules, ids)
    for rule in seen:
        told = VisibilityRuleSnapshot.model_validate(rule)
        work.emit(VisibilityChanged(rule=told.model_copy(update={"version": rule.version + 1, "removed": True})))
    limited = await forgetting.rules(session, quantity_rules, ids)
    for rule in limited:
        gone = quantity_rule_snapshot(rule)
        work.emit(QuantityRulesChanged(rule=gone.model_copy(update={"version": rule.version + 1, "removed": True})))
    reduced = await forgetting.promotions(session, ids)
    for promotion in reduced:
        work.emit(PromotionChanged(promotion=promotion_snapshot(promotion)))
    if seen or limited or reduced:
        await rulebook.changed(session)
