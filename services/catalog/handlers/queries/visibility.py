"""Who sees what, and why somebody does not, for those who keep the catalogue and for agents."""

from services.catalog.domain.book import RuleBook
from services.catalog.domain.dealings import Dealing, lists_for, viewer
from services.catalog.domain.obstacles import Looker, explain
from services.catalog.domain.terms import Terms
from services.catalog.domain.visibility import decide
from services.catalog.handlers.asking import Look, prices_for
from services.catalog.handlers.commands.visibility import shown_rule
from services.catalog.repository import access, catalogue, explaining, rulebook, rules
from shared.contracts.actor import VISITOR, ActorType
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
from shared.kernel.problems import Forbidden
from shared.messaging.handler import handler
from shared.messaging.rpc import Ask
from shared.messaging.work import UnitOfWork, Work


@handler
async def list_visibility_rules(query: ListVisibilityRules, work: Work) -> Page[VisibilityRuleView]:
    found, cursor = await rules.visibility_page(work.session, query)
    return Page(items=[shown_rule(rule) for rule in found], next=cursor)


@handler
async def get_access_list(query: GetAccessList, work: Work) -> AccessListView:
    await catalogue.by_id(work.session, query.id)
    return await access.read(work.session, query.id)


@handler
async def explain_visibility(query: ExplainVisibility, work: Work, ask: Ask) -> VisibilityExplanation:
    if work.actor.type is ActorType.CUSTOMER:
        raise Forbidden("Only the shop's people and agents may ask why; ask yours.")
    dealing = await prices_for(Look(query.customer_id, query.currency, query.market), work, ask)
    session, book = work.session, await rulebook.at(work.session, dealing.stamp)
    terms = _terms(query, dealing, book, work)
    product, category_ids = await explaining.product(work, query.id, query.sku, terms)
    places = book.places(category_ids)
    rules_told = await rules.visibility_rules_for(session, terms.viewer.counting, {product.id, *places})
    default = book.settings.shop_visibility is ShopVisibility.VISIBLE
    paths = [book.tree[category_id] for category_id in category_ids]
    decision = decide(product.id, paths, rules_told, terms.viewer, default)
    limited = await explaining.limited(session, product, places, terms.viewer)
    looker = Looker(terms.viewer, query.customer_id, dealing.buyer.status if dealing.buyer else None)
    return explain(limited, decision, looker, book, work.as_of)


def _terms(query: ExplainVisibility, dealing: Dealing, book: RuleBook, work: UnitOfWork) -> Terms:
    """Return the terms of the customer asked about, or of a visitor: never those of who asks."""
    market = query.market or book.settings.default_market
    seen_by = viewer(VISITOR if query.customer_id is None else work.actor, dealing, market)
    return Terms(seen_by, lists_for(seen_by, dealing), book, query.currency, work.as_of)
