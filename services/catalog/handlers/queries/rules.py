"""Rules of quantity and the terms of groups, for those who set them."""

from services.catalog.handlers.commands.rules import shown_rule, shown_terms
from services.catalog.models import GroupTerms
from services.catalog.repository import content, rules
from shared.contracts.catalog.group_terms import GetGroupTerms, GroupTermsView, ListGroupTerms
from shared.contracts.catalog.rules import (
    Availability,
    ListQuantityRules,
    MinimumAction,
    MinimumOperator,
    QuantityRuleView,
)
from shared.contracts.customers.groups import GroupNotFound
from shared.contracts.values import Page
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def list_quantity_rules(query: ListQuantityRules, work: Work) -> Page[QuantityRuleView]:
    found, cursor = await rules.quantity_page(work.session, query)
    return Page(items=[shown_rule(rule) for rule in found], next=cursor)


@handler
async def get_group_terms(query: GetGroupTerms, work: Work) -> GroupTermsView:
    terms = await work.session.get(GroupTerms, query.group_id)
    if terms is not None:
        return shown_terms(terms)
    if not await content.known_groups(work.session, [query.group_id]):
        raise GroupNotFound
    return GroupTermsView(
        group_id=query.group_id,
        availability=Availability.EXACT,
        minimum_qty=None,
        minimum_subtotal=None,
        operator=MinimumOperator.AND,
        action=MinimumAction.BLOCK,
        surcharge=None,
        version=0,
    )


@handler
async def list_group_terms(query: ListGroupTerms, work: Work) -> Page[GroupTermsView]:
    found, after = await rules.group_terms_page(work.session, query.cursor, query.limit)
    return Page(items=[shown_terms(terms) for terms in found], next=after and str(after))
