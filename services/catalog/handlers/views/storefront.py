"""Products as they are shown: facts in, views at a viewer's prices out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from services.catalog import settings
from services.catalog.domain.availability import StockFacts, StockSight, seen
from services.catalog.domain.goods import Picture, Product, Variant
from services.catalog.domain.images import addresses, alt_in
from services.catalog.domain.price_history import prior
from services.catalog.domain.pricing.keeping import kept
from services.catalog.domain.pricing.resolve import Price
from services.catalog.domain.pricing.tracing import trace
from services.catalog.domain.quantities import UNLIMITED, Place, bounds, limits, step_of
from services.catalog.domain.quotes import PricedLine
from services.catalog.domain.shelf import Look
from services.catalog.domain.terms import Terms
from shared.contracts.catalog.products import Option, ProductStatus, TaxCategory
from shared.contracts.catalog.stock import HeldLine
from shared.contracts.catalog.storefront import ImageView, ProductView, QuantityView, TierView, VariantView
from shared.contracts.values import as_number
from shared.kernel.money import UnitPrice

LEFT_OUT = {"available", "stock", "expected_at", "trace"}
MOST_TIERS = 1_500
"""So many tiers all variants of a product together are shown with: it is to fit into one message."""
PLAIN = ("sku", "barcode", "unit", "quantity_decimals", "weight", "length", "width", "height")


def product_view(product: Product, stock: Sequence[tuple[UUID, StockFacts]], terms: Terms) -> ProductView:
    """Return a product at a viewer's prices, in their language where it has one, with the stock of this moment."""
    facts = dict(stock)
    variants = [
        variant_view(variant, product, terms).model_copy(
            update=shown_stock(facts[variant.goods.variant_id], terms.shown_stock)
        )
        for variant in product.variants
        if variant.goods.variant_id in facts
    ]
    return _without_stock(product, terms).model_copy(update={"variants": variants})


def look(product: Product, terms: Terms) -> Look:
    """Return a product as JSON in pieces, to be remembered; everything but its stock."""
    head = _without_stock(product, terms).model_dump_json(exclude={"variants"})
    variants = {
        variant.goods.variant_id: variant_view(variant, product, terms).model_dump_json(exclude=LEFT_OUT)[:-1].encode()
        for variant in product.variants
    }
    return Look(head[:-1].encode(), variants)


def stock_fields(facts: StockFacts, sight: StockSight) -> str:
    """Return the fields of a variant that tell its stock, as JSON, as a viewer is shown them."""
    shown = shown_stock(facts, sight)
    available, state, expected = shown["available"], shown["stock"], shown["expected_at"]
    figure = "null" if available is None else str(as_number(available))
    named = "null" if state is None else f'"{state}"'
    moment = "null" if expected is None else TypeAdapter(datetime).dump_json(expected).decode()
    return f'"available":{figure},"stock":{named},"expected_at":{moment}'


def variant_view(variant: Variant, product: Product, terms: Terms) -> VariantView:
    """Return a variant at a viewer's price for one unit, its stock left out."""
    price = terms.price(variant.goods)
    return VariantView(
        id=variant.goods.variant_id,
        name=_name(product, terms) if variant.name == product.name else variant.name,
        **{name: getattr(variant, name) for name in PLAIN},
        options=dict(variant.options),
        tax_category=TaxCategory(variant.tax_category),
        list_price=price.list_price,
        public_price=price.public_price,
        unit_price=price.unit_price,
        original_price=price.original,
        savings=_savings(price),
        lowest_price_30d=lowest_price(variant, price, terms),
        tiers=tier_views(variant, price, terms, MOST_TIERS // max(len(product.variants), 1)),
        price_mode=terms.mode,
        price_reason=price.reason,
        quantities=_quantities(variant, product, terms),
        available=None,
        trace=trace(price, variant.goods, terms.currency) if terms.traced else None,
    )


def held_line(line: PricedLine, variant: Variant, lines: int) -> HeldLine:
    """Return one of an order's lines as it is frozen, with what it was computed from."""
    currency, winner = line.price.currency, line.computed.winner
    by = winner.row.row.list if winner and winner.row else None
    return HeldLine(
        variant_id=line.goods.variant_id,
        product_id=line.goods.product_id,
        sku=variant.sku,
        name=variant.name,
        quantity=line.asked.quantity,
        list_price=line.computed.list_price or line.price,
        unit_price=line.unit_price,
        price_reason=line.reason,
        tax_category=TaxCategory(variant.tax_category),
        commissionable=variant.commissionable,
        computed_price=line.price,
        cost=None if line.goods.cost is None else UnitPrice(line.goods.cost, currency),
        price_list_id=by and by.id,
        price_list_version=by and by.version,
        trace=kept(trace(line.computed, line.goods, currency), lines),
    )


def _without_stock(product: Product, terms: Terms) -> ProductView:
    texts = product.translations.get(terms.locale, {})
    return ProductView(
        id=product.id,
        code=product.code,
        name=_name(product, terms),
        description=texts.get("description") or product.description,
        status=ProductStatus(product.status),
        options=[Option.model_validate(option) for option in product.options],
        category_ids=list(product.category_ids),
        attributes=dict(product.attributes),
        images=[_image_view(picture, terms.locale) for picture in product.pictures],
        variants=[],
        created_at=product.created_at,
        version=product.version,
    )


def _name(product: Product, terms: Terms) -> str:
    """Return what a product, and a variant without a name of its own, is called in a viewer's language."""
    return product.translations.get(terms.locale, {}).get("name") or product.name


def _image_view(picture: Picture, locale: str) -> ImageView:
    found = addresses(picture.key, settings.current().images_public_url)
    return ImageView(
        id=picture.id,
        url=found.large,
        thumbnail=found.thumbnail,
        alt=alt_in(picture.alt, locale),
        width=picture.width,
        height=picture.height,
    )


def shown_stock(facts: StockFacts, sight: StockSight) -> dict[str, Any]:
    """Return the fields of a variant that tell its stock, as a viewer is shown them."""
    low_at = sight.low if facts.low_at is None else facts.low_at
    available, state = seen(
        facts.available, ahead=facts.ahead, ahead_limit=facts.ahead_limit, low_at=low_at, how=sight.how
    )
    return {"available": available, "stock": state, "expected_at": facts.expected_at if state else None}


def _savings(price: Price) -> UnitPrice | None:
    if price.unit_price is None or price.list_price is None or price.list_price.amount <= price.unit_price.amount:
        return None
    return UnitPrice(price.list_price.amount - price.unit_price.amount, price.list_price.currency)


def _quantities(variant: Variant, product: Product, terms: Terms) -> QuantityView | None:
    """Return how many of a variant can be ordered at once, where rules limit that, whatever was taken before."""
    place = Place(variant.goods.variant_id, product.id, variant.goods.places)
    given = limits(product.quantity_rules, terms.viewer, place) if product.quantity_rules else UNLIMITED
    if not given:
        return None
    left = bounds(given, step_of(variant.quantity_decimals))
    return QuantityView(
        min_qty=left.lowest if given.min else None,
        max_qty=left.highest or None,
        multiple=left.step if given.multiple else None,
    )


def tier_views(variant: Variant, single: Price, terms: Terms, most: int = MOST_TIERS) -> list[TierView]:
    """Return from which quantities on one unit costs otherwise than alone, the `most` first of them."""
    return [
        TierView(min_qty=step, unit_price=tier.unit_price)
        for step, tier in terms.tiers(variant.goods, single, most)
        if tier.unit_price is not None
    ]


def lowest_price(variant: Variant, price: Price, terms: Terms) -> UnitPrice | None:
    """Return the lowest price of the 30 days before, where one is announced as reduced.

    Of goods that perish nothing is told: their history is not even read.
    """
    if price.original is None or price.unit_price is None or not variant.history:
        return None
    # What began a moment ago may not be written down yet, and this answer is remembered.
    past = [*variant.history]
    if price.public_price is not None and (not past or past[-1][1] != price.public_price.amount):
        past.append((terms.as_of, price.public_price.amount))
    lowest = prior(past, terms.as_of, terms.book.known_since(terms.viewer.market))
    return None if lowest is None else UnitPrice(lowest, terms.currency)
