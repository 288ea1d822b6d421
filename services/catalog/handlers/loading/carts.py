"""Lines as an order of them would be, priced and judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from services.catalog.domain.carts import Cart, judged
from services.catalog.domain.goods import Product, Variant
from services.catalog.domain.manual_prices import Latitude
from services.catalog.domain.prices import PUBLIC
from services.catalog.domain.quantities import Limits, Place, limits_of_each
from services.catalog.domain.quantity_checks import Wanted, check, left_of_one, periods
from services.catalog.domain.quick_order import Line
from services.catalog.domain.quotes import PricedLine, quote, with_a_price
from services.catalog.domain.sight import Sight
from services.catalog.domain.terms import Terms
from services.catalog.repository import goods, group_terms, holds, projections, rules
from shared.contracts.catalog.stock import HoldLine
from shared.messaging.work import UnitOfWork

NO_UNITS = Decimal(0)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A cart, and the variants of its lines by SKU; of a pasted list the numbers that its lines had there."""

    cart: Cart
    offers: Mapping[str, Variant]
    numbers: Sequence[int] = ()


async def cart_of(
    lines: Sequence[HoldLine], terms: Terms, sight: Sight, latitude: Latitude | None, work: UnitOfWork, *, hold: bool
) -> Loaded:
    """Return lines priced and judged. One statement; one more each where quantity rules, minimums or periods exist.

    `hold`: an order is being placed, so that what a customer took within a period stays as it is until it stands.
    """
    products = await goods.on_sale(work.session, {line.sku for line in lines}, terms, sight)
    offers = {variant.sku: variant for product in products for variant in product.variants}
    priced = quote(lines, offers, terms, latitude)
    limited = await _limits(priced, terms, work) if terms.limited_by else {}
    taken = await _taken(limited, products, terms, work, hold=hold) if limited else {}
    wanted = [_wanted(line, offers) for line in priced]
    broken, left = check(wanted, limited, taken), left_of_one(wanted, limited, taken)
    groups = terms.viewer.group_ids & terms.book.availability.keys()
    minimums = await group_terms.minimums_of(work.session, groups) if groups else []
    return Loaded(judged(priced, broken, minimums, terms, latitude, left), offers)


async def _limits(lines: Sequence[PricedLine], terms: Terms, work: UnitOfWork) -> dict[UUID, Limits]:
    places = {
        line.goods.variant_id: Place(line.goods.variant_id, line.goods.product_id, line.goods.places) for line in lines
    }
    targets = {PUBLIC, *places, *(line.goods.product_id for line in lines)}
    targets |= {above for line in lines for above in line.goods.places}
    facts = await rules.quantity_rules_for(work.session, terms.viewer.counting, targets)
    each = limits_of_each(facts, terms.viewer, places.values())
    return {id_: found for id_, found in zip(places, each, strict=True) if found}


def _wanted(line: PricedLine, offers: Mapping[str, Variant]) -> Wanted:
    return Wanted(
        sku=line.asked.sku,
        variant_id=line.goods.variant_id,
        product_id=line.goods.product_id,
        quantity=line.asked.quantity,
        decimals=offers[line.asked.sku].quantity_decimals,
    )


async def _taken(
    limited: Mapping[UUID, Limits], products: Sequence[Product], terms: Terms, work: UnitOfWork, *, hold: bool
) -> dict[UUID, Decimal]:
    """Return what the customer ordered within the periods that limit it, by variant and by product."""
    customer_id, days = terms.viewer.customer_id, set(periods(limited).values())
    if customer_id is None or not days:
        return {}
    if hold:
        await projections.lock_buyer(work.session, customer_id)
    found: dict[UUID, Decimal] = {}
    for length in sorted(days):
        counted = {id_ for id_, past in periods(limited).items() if past == length}
        siblings = {
            product.id: [variant.goods.variant_id for variant in product.variants]
            for product in products
            if any(variant.goods.variant_id in counted for variant in product.variants)
        }
        ids = [id_ for variants in siblings.values() for id_ in variants]
        taken = await holds.taken_since(work.session, customer_id, ids, work.as_of - timedelta(days=length))
        found |= {id_: taken.get(id_, NO_UNITS) for id_ in counted}
        found |= {
            id_: sum((taken.get(one, NO_UNITS) for one in variants), NO_UNITS) for id_, variants in siblings.items()
        }
    return found


async def pasted(found: Sequence[Line], terms: Terms, sight: Sight, work: UnitOfWork) -> Loaded:
    """Return a pasted list as a cart: what is on sale and has a price; SKUs and barcodes as they were written are keys.

    A quantity that cannot be ordered is told with its line. Two statements where quantity rules exist, else one.
    """
    products = await goods.on_sale(work.session, {line.sku for line in found}, terms, sight, barcodes_too=True)
    variants = [variant for product in products for variant in product.variants]
    # What is one variant's SKU and another's barcode is meant as the SKU; of two with a barcode it is the first by SKU.
    by_sku = sorted(variants, key=lambda variant: variant.sku, reverse=True)
    by_barcode = {variant.barcode: variant for variant in by_sku if variant.barcode}
    offers = by_barcode | {variant.sku: variant for variant in variants}
    known = [
        (line.line_no, HoldLine(sku=offers[line.sku].sku, quantity=line.quantity))
        for line in found
        if line.sku in offers
    ]
    priced = with_a_price([line for _, line in known], offers, terms)
    numbers = [known[line.index][0] for line in priced]
    limited = await _limits(priced, terms, work) if terms.limited_by and priced else {}
    return Loaded(Cart(priced, check([_wanted(line, offers) for line in priced], limited, {})), offers, numbers)
