"""Why something costs what it costs."""

from services.catalog.domain.dealings import check_may_explain
from services.catalog.domain.goods import Variant
from services.catalog.domain.pricing.facts import Goods, Quantities
from services.catalog.domain.pricing.resolve import Price
from services.catalog.domain.pricing.tracing import notes, resting, trace
from services.catalog.domain.terms import Terms
from services.catalog.handlers.asking import Look, terms_asked_about
from services.catalog.handlers.views.storefront import lowest_price, tier_views
from services.catalog.repository import explaining, goods, price_history
from shared.contracts.actor import Permission
from shared.contracts.catalog.explanations import ExplainPrice, PriceExplanation
from shared.contracts.catalog.prices import ProductNotAvailable
from shared.contracts.catalog.traces import PriceTrace
from shared.kernel.money import UnitPrice
from shared.messaging.handler import handler
from shared.messaging.rpc import Ask
from shared.messaging.work import UnitOfWork, Work


@handler
async def explain_price(query: ExplainPrice, work: Work, ask: Ask) -> PriceExplanation:
    check_may_explain(work.actor, "How a price came about")
    look = Look(query.customer_id, query.currency, query.market, as_of=query.as_of)
    terms, sight, _ = await terms_asked_about(look, work, ask)
    products = await goods.on_sale(work.session, {query.sku}, terms, sight)
    variants = (variant for product in products for variant in product.variants if variant.sku == query.sku)
    variant = next(variants, None)
    if variant is None:
        raise ProductNotAvailable("This customer sees no such SKU on sale; ask why with visibility-explanation.")
    single = terms.price(variant.goods)
    price = terms.price(variant.goods, Quantities(query.quantity, query.quantity, query.quantity))
    then = await _public_price_then(variant, terms, work)
    steps = await _steps(price, variant.goods, terms, work)
    return PriceExplanation(
        sku=query.sku,
        customer_id=query.customer_id,
        quantity=query.quantity,
        as_of=terms.as_of,
        price_mode=terms.mode,
        unit_price=price.unit_price,
        list_price=price.list_price,
        public_price=price.public_price,
        public_price_then=then,
        lowest_price_30d=lowest_price(variant, price, terms),
        price_reason=price.reason,
        tiers=tier_views(variant, single, terms),
        trace=steps,
        notes=notes(single, then, passed=terms.as_of < work.as_of),
    )


async def _steps(price: Price, of: Goods, terms: Terms, work: UnitOfWork) -> list[PriceTrace]:
    """Return how a price came about, and to who sets prices which rows would count if their lists were in force."""
    if terms.viewer.hidden:
        return []
    may_know = work.actor.may(Permission.PRICES_WRITE)
    asleep = await explaining.resting(work.session, of, terms) if may_know else []
    return [*trace(price, of, terms.currency), *resting(asleep)]


async def _public_price_then(variant: Variant, terms: Terms, work: UnitOfWork) -> UnitPrice | None:
    """Return what everyone paid for one unit.

    None where the moment has not passed, where prices are hidden from who is asked about, and where it is not known.
    """
    since = terms.book.known_since(terms.viewer.market)
    if terms.as_of >= work.as_of or terms.viewer.hidden or (since is not None and terms.as_of < since):
        return None
    of = (variant.goods.variant_id, terms.viewer.market, terms.currency, terms.mode)
    amount = await price_history.paid(work.session, *of, terms.as_of)
    return None if amount is None else UnitPrice(amount, terms.currency)
