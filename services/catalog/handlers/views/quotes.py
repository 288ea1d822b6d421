"""Quotes as they are shown: priced lines, what they break, what they lack."""

from collections.abc import Sequence

from services.catalog.domain.availability import StockFacts
from services.catalog.domain.carts import Cart
from services.catalog.domain.goods import Variant
from services.catalog.domain.minimums import Shortfall
from services.catalog.domain.pricing.tracing import trace
from services.catalog.domain.quantity_checks import Broken, sentence
from services.catalog.domain.quick_order import Fault, Line
from services.catalog.domain.quotes import PricedLine, why_unpriced
from services.catalog.domain.terms import Terms
from services.catalog.handlers.loading.carts import Loaded
from services.catalog.handlers.views.storefront import shown_stock
from shared.contracts.catalog.prices import ProductNotAvailable
from shared.contracts.catalog.quotes import QuantityWarning, QuickOrderLine, QuotedLine, QuotedMinimum
from shared.contracts.catalog.rules import QtyRule
from shared.contracts.catalog.storefront import PriceReason


def quoted_line(line: PricedLine, variant: Variant, stock: StockFacts, terms: Terms) -> QuotedLine:
    """Return a priced line with the stock that the viewer is shown."""
    shown = shown_stock(stock, terms.shown_stock)
    return QuotedLine(
        sku=variant.sku,
        variant_id=line.goods.variant_id,
        product_id=line.goods.product_id,
        name=variant.name,
        quantity=line.asked.quantity,
        list_price=line.computed.list_price,
        public_price=line.computed.public_price,
        unit_price=line.unit_price,
        price_reason=line.reason,
        net=line.net,
        available=shown["available"],
        stock=shown["stock"],
        trace=trace(line.computed, line.goods, terms.currency) if terms.traced else None,
    )


def quantity_warning(broken: Broken) -> QuantityWarning:
    """Return a line whose quantity cannot be ordered."""
    return QuantityWarning(
        line=broken.line,
        sku=broken.sku,
        field=broken.field,
        rule=broken.rule,
        scope=broken.scope,
        suggested_qty=broken.suggested_qty,
        message=sentence(broken),
    )


def quoted_minimum(cart: Cart, shortfall: Shortfall) -> QuotedMinimum:
    """Return what an order lacks of its minimum."""
    asked = shortfall.minimum
    return QuotedMinimum(
        minimum_qty=asked.min_qty,
        minimum_subtotal=asked.min_subtotal,
        operator=asked.operator,
        action=shortfall.action,
        missing_qty=shortfall.missing_qty,
        shortfall=shortfall.missing_subtotal,
        surcharge=shortfall.surcharge,
        add_units=cart.add_units,
        subtotal_then=cart.subtotal_then,
    )


def quick_lines(found: Sequence[Line | Fault], loaded: Loaded, terms: Terms) -> list[QuickOrderLine]:
    """Return a pasted list line by line: what can be ordered of each, or why it cannot."""
    priced = dict(zip(loaded.numbers, loaded.cart.lines, strict=True))
    broken = {loaded.numbers[one.line]: one for one in loaded.cart.broken}
    told = []
    for line in found:
        variant = None if isinstance(line, Fault) else loaded.offers.get(line.sku)
        if isinstance(line, Fault):
            told.append(_unread(line.line_no, line.text, line.code, line.message))
        elif variant is None:
            told.append(_unread(line.line_no, line.sku, ProductNotAvailable.code, "There is no such SKU on sale."))
        elif line.line_no not in priced:
            reason = terms.viewer.hidden or PriceReason.PRICE_UNAVAILABLE
            told.append(_unread(line.line_no, line.sku, reason.upper(), why_unpriced(reason, terms)))
        else:
            told.append(_quick(line, variant, priced[line.line_no], broken.get(line.line_no)))
    return told


def _quick(line: Line, variant: Variant, priced: PricedLine, fault: Broken | None) -> QuickOrderLine:
    return QuickOrderLine(
        line=line.line_no,
        text=line.sku,
        sku=variant.sku,
        name=variant.name,
        quantity=line.quantity,
        unit_price=priced.unit_price,
        suggested_qty=fault.suggested_qty if fault else None,
        code=QtyRule.code if fault else None,
        message=sentence(fault) if fault else None,
    )


def _unread(line: int, text: str, code: str, message: str) -> QuickOrderLine:
    return QuickOrderLine(
        line=line, text=text, sku=None, name=None, quantity=None, unit_price=None, code=code, message=message
    )
