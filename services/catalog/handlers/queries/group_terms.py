"""The terms of groups, for those who set them."""

from services.catalog.handlers.views.group_terms import group_terms_view, no_terms
from services.catalog.repository import group_terms, projections
from shared.contracts.catalog.group_terms import GetGroupTerms, GroupTermsView, ListGroupTerms
from shared.contracts.values import Page
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def get_group_terms(query: GetGroupTerms, work: Work) -> GroupTermsView:
    terms = await group_terms.of_group(work.session, query.group_id)
    if terms is not None:
        return group_terms_view(terms)
    await projections.check_group(work.session, query.group_id)
    return no_terms(query.group_id)


@handler
async def list_group_terms(query: ListGroupTerms, work: Work) -> Page[GroupTermsView]:
    found, cursor = await group_terms.one_page(work.session, query.cursor, query.limit)
    return Page(items=[group_terms_view(terms) for terms in found], next=cursor)
