"""The lines of an order at today's prices, or why they cannot be ordered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.catalog.domain.manual_prices import Bounds, Latitude, bounds, discounted
from services.catalog.domain.prices import Price, PriceRow, Viewer, resolve
from shared.contracts.catalog.prices import AgentPriceBound, PriceUnavailable, VariantNotFound
from shared.contracts.catalog.products import PriceReason, TaxCategory
from shared.contracts.catalog.stock import HeldLine, HoldLine
from shared.kernel.money import UnitPrice
from shared.kernel.problems import FieldError, Forbidden, Malformed, Problem

UNAVAILABLE = {
    PriceReason.PRICE_UNAVAILABLE: "There is no price for it in {currency}; order it in another currency.",
    PriceReason.GROUP_HIDDEN: "Its price is not shown to this customer's groups; ask the shop to open it.",
    PriceReason.LOGIN_REQUIRED: "Its price is shown to signed-in customers only; sign in first.",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A variant on sale, with every price row that may count for this buyer."""

    variant_id: UUID
    product_id: UUID
    sku: str
    name: str
    tax_category: TaxCategory
    commissionable: bool
    prices: tuple[PriceRow, ...]


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line as asked for, its offer, and the price computed for it."""

    index: int
    asked: HoldLine
    offer: Offer
    price: UnitPrice
    computed: Price

    @property
    def by_hand(self) -> bool:
        """Tell whether somebody set this line's price or a discount on it."""
        return self.asked.unit_price is not None or bool(self.asked.discount_percent)

    @property
    def field(self) -> str:
        """Return the pointer of what was set by hand."""
        return f"/lines/{self.index}/{'discount_percent' if self.asked.unit_price is None else 'unit_price'}"


def quote(
    lines: Sequence[HoldLine],
    offers: Mapping[str, Offer],
    viewer: Viewer,
    currency: str,
    latitude: Latitude | None,
) -> list[HeldLine]:
    """Return the lines priced for a buyer, hand-set prices in their place.

    Raises VariantNotFound, PriceUnavailable, Malformed (another currency), Forbidden (may not set prices) or
    AgentPriceBound; each names every line it concerns.
    """
    _refuse_if(VariantNotFound, _unknown(lines, offers))
    computed = [resolve(offers[line.sku].prices, viewer, currency) for line in lines]
    _refuse_if(PriceUnavailable, _unpriced(computed, currency))
    priced = [
        PricedLine(index, line, offers[line.sku], price.unit_price, price)
        for index, (line, price) in enumerate(zip(lines, computed, strict=True))
        if price.unit_price is not None
    ]
    _check_by_hand([line for line in priced if line.by_hand], currency, latitude)
    return [_held(line) for line in priced]


def _unknown(lines: Sequence[HoldLine], offers: Mapping[str, Offer]) -> list[FieldError]:
    message = "There is no such SKU on sale; take it off the order."
    return [
        FieldError(f"/lines/{index}/sku", VariantNotFound.code, message)
        for index, line in enumerate(lines)
        if line.sku not in offers
    ]


def _unpriced(prices: Sequence[Price], currency: str) -> list[FieldError]:
    return [
        FieldError(f"/lines/{index}/sku", price.reason.upper(), UNAVAILABLE[price.reason].format(currency=currency))
        for index, price in enumerate(prices)
        if price.unit_price is None
    ]


def _refuse_if(problem: type[Problem], errors: Sequence[FieldError]) -> None:
    if errors:
        raise problem(errors=errors)


def _check_by_hand(lines: Sequence[PricedLine], currency: str, latitude: Latitude | None) -> None:
    if not lines:
        return
    if latitude is None:
        raise Forbidden("You cannot set a price or a discount yourself; leave unit_price and discount_percent out.")
    wrong = [line for line in lines if line.asked.unit_price and line.asked.unit_price.currency != currency]
    message = f"Give this price in {currency}, the currency of the order."
    _refuse_if(Malformed, [FieldError(line.field, "CURRENCY_MISMATCH", message) for line in wrong])
    outside = [
        (line, limits)
        for line in lines
        if not (limits := bounds(line.price, latitude)).admit(
            discounted(line.asked.unit_price or line.price, line.asked.discount_percent)
        )
    ]
    if outside:
        raise AgentPriceBound(
            "A price set by hand is outside your bounds; set one between floor and ceiling, discount included.",
            errors=[FieldError(line.field, AgentPriceBound.code, _between(limits)) for line, limits in outside],
            bounds=[_facts(line, limits) for line, limits in outside],
        )


def _between(limits: Bounds) -> str:
    upper = f" and {limits.ceiling}" if limits.ceiling else ""
    return f"One unit must cost between {limits.floor}{upper}, after the line's discount."


def _facts(line: PricedLine, limits: Bounds) -> dict[str, object]:
    return {"pointer": line.field, "sku": line.asked.sku, "floor": limits.floor, "ceiling": limits.ceiling}


def _held(line: PricedLine) -> HeldLine:
    offer, by_hand = line.offer, line.asked.unit_price
    return HeldLine(
        variant_id=offer.variant_id,
        product_id=offer.product_id,
        sku=offer.sku,
        name=offer.name,
        quantity=line.asked.quantity,
        list_price=line.computed.list_price or line.price,
        unit_price=by_hand or line.price,
        price_reason=PriceReason.AGENT if by_hand else line.computed.reason,
        tax_category=offer.tax_category,
        commissionable=offer.commissionable,
    )
