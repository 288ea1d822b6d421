"""Who sees what, and why somebody does not, for those who keep the catalogue and for agents."""

from services.catalog.domain.dealings import check_may_explain
from services.catalog.domain.obstacles import Looker, explain
from services.catalog.domain.visibility import decide
from services.catalog.handlers.asking import Look, terms_asked_about
from services.catalog.handlers.views.rules import visibility_rule_view
from services.catalog.repository import access, catalogue, explaining, rules
from shared.contracts.catalog.catalog_settings import ShopVisibility
from shared.contracts.catalog.visibility import (
    AccessListView,
    ExplainVisibility,
    GetAccessList,
    ListVisibilityRules,
    VisibilityExplanation,
    VisibilityRuleView,
)
from shared.contracts.values import Page
from shared.messaging.handler import handler
from shared.messaging.rpc import Ask
from shared.messaging.work import Work


@handler
async def list_visibility_rules(query: ListVisibilityRules, work: Work) -> Page[VisibilityRuleView]:
    found, cursor = await rules.visibility_page(work.session, query)
    return Page(items=[visibility_rule_view(rule) for rule in found], next=cursor)


@handler
async def get_access_list(query: GetAccessList, work: Work) -> AccessListView:
    await catalogue.by_id(work.session, query.id)
    return await access.read(work.session, query.id)


@handler
async def explain_visibility(query: ExplainVisibility, work: Work, ask: Ask) -> VisibilityExplanation:
    check_may_explain(work.actor, "Why a product is seen or not")
    look = Look(query.customer_id, query.currency, query.market)
    terms, _, dealing = await terms_asked_about(look, work, ask)
    session, book = work.session, terms.book
    product, category_ids = await explaining.product(work, query.id, query.sku, terms)
    places = book.places(category_ids)
    rules_told = await rules.visibility_rules_for(session, terms.viewer.counting, {product.id, *places})
    default = book.settings.shop_visibility is ShopVisibility.VISIBLE
    paths = [book.tree[category_id] for category_id in category_ids]
    decision = decide(product.id, paths, rules_told, terms.viewer, default)
    limited = await explaining.limited(session, product, places, terms.viewer)
    looker = Looker(terms.viewer, query.customer_id, dealing.buyer.status if dealing.buyer else None)
    return explain(limited, decision, looker, book, work.as_of)
