"""Rules as those who keep the catalogue see them."""

from typing import Any

from sqlalchemy import Row

from services.catalog.domain.naming import named
from services.catalog.models import QuantityRule, VisibilityRule
from shared.contracts.catalog.rules import QuantityRuleSnapshot, QuantityRuleView
from shared.contracts.catalog.visibility import VisibilityRuleView

SAID = ("min_qty", "max_qty", "multiple", "period_qty", "period_days", "basis")
"""What a quantity rule says, and may leave unsaid."""


def quantity_rule_view(rule: QuantityRule) -> QuantityRuleView:
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


def quantity_rule_snapshot(rule: QuantityRule | Row[Any]) -> QuantityRuleSnapshot:
    """Return a quantity rule as events tell it."""
    return QuantityRuleSnapshot(
        id=rule.id,
        version=rule.version,
        buyer_scope=rule.buyer_scope,
        scope=rule.scope,
        target_id=named(rule.target_id),
    )


def visibility_rule_view(rule: VisibilityRule) -> VisibilityRuleView:
    """Return a visibility rule as those who keep the catalogue see it."""
    return VisibilityRuleView(
        id=rule.id,
        buyer_scope=rule.buyer_scope,
        buyer_id=named(rule.buyer_id),
        scope=rule.scope,
        target_id=rule.target_id,
        visible=rule.allow,
        created_at=rule.created_at,
        version=rule.version,
    )
