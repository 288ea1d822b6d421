"""Rules of quantity, for those who set them."""

from services.catalog.handlers.views.rules import quantity_rule_view
from services.catalog.repository import rules
from shared.contracts.catalog.rules import ListQuantityRules, QuantityRuleView
from shared.contracts.values import Page
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def list_quantity_rules(query: ListQuantityRules, work: Work) -> Page[QuantityRuleView]:
    found, cursor = await rules.quantity_page(work.session, query)
    return Page(items=[quantity_rule_view(rule) for rule in found], next=cursor)
