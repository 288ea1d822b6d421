"""What an order would cost, and whether it could be placed; a pasted list read line by line."""

from collections.abc import Mapping
from uuid import UUID

from services.catalog.domain.availability import StockFacts
from services.catalog.domain.carts import enough, placeable, subtotal
from services.catalog.domain.dealings import latitude, may_buy
from services.catalog.domain.quick_order import Fault, read
from services.catalog.domain.terms import Terms
from services.catalog.handlers.asking import Look, terms_of
from services.catalog.handlers.loading.carts import Loaded, cart_of, pasted
from services.catalog.handlers.views.quotes import quantity_warning, quick_lines, quoted_line, quoted_minimum
from services.catalog.repository import pages
from shared.contracts.catalog.quotes import QuickOrderView, QuoteItems, QuoteView, ReadQuickOrder
from shared.messaging.handler import handler
from shared.messaging.rpc import Ask
from shared.messaging.work import Work


@handler
async def quote_items(query: QuoteItems, work: Work, ask: Ask) -> QuoteView:
    look = Look(query.customer_id, query.currency, query.market, traced=query.trace)
    terms, sight, dealing = await terms_of(look, work, ask)
    loaded = await cart_of(query.lines, terms, sight, latitude(work.actor, dealing.seller), work, hold=False)
    stock = await pages.stock_of(work.session, {line.goods.variant_id for line in loaded.cart.lines})
    return _quote(loaded, stock, terms, ordering=may_buy(dealing) and not terms.book.settings.catalogue_only)


@handler
async def read_quick_order(query: ReadQuickOrder, work: Work, ask: Ask) -> QuickOrderView:
    look = Look(query.customer_id, query.currency, query.market)
    terms, sight, _ = await terms_of(look, work, ask)
    found = read(query.text)
    loaded = await pasted([line for line in found if not isinstance(line, Fault)], terms, sight, work)
    total = subtotal(loaded.cart.lines, terms.currency)
    return QuickOrderView(
        currency=terms.currency, price_mode=terms.mode, lines=quick_lines(found, loaded, terms), subtotal=total
    )


def _quote(loaded: Loaded, stock: Mapping[UUID, StockFacts], terms: Terms, *, ordering: bool) -> QuoteView:
    cart = loaded.cart
    left = {id_: facts.left for id_, facts in stock.items()}
    return QuoteView(
        currency=terms.currency,
        price_mode=terms.mode,
        as_of=terms.as_of,
        lines=[
            quoted_line(line, loaded.offers[line.asked.sku], stock[line.goods.variant_id], terms) for line in cart.lines
        ],
        subtotal=subtotal(cart.lines, terms.currency),
        minimum=quoted_minimum(cart, cart.shortfall) if cart.shortfall else None,
        warnings=[quantity_warning(broken) for broken in cart.broken],
        orderable=ordering and placeable(cart) and enough(cart.lines, left),
    )
