"""Lines with a price or a discount set by hand: held against what whoever set them may do (rules 3.8.6)."""

from collections.abc import Sequence

from services.catalog.domain.manual_prices import ANY_PRICE, Bounds, Latitude, bounds, discounted
from services.catalog.domain.pricing.floors import floor
from services.catalog.domain.quotes import PricedLine, refuse_if
from services.catalog.domain.terms import Terms
from shared.contracts.catalog.prices import AgentPriceBound, PriceBelowFloor
from shared.kernel.problems import FieldError


def check_by_hand(lines: Sequence[PricedLine], terms: Terms, latitude: Latitude | None) -> None:
    """Refuse what was set by hand too far from the price that the line has without it, or below a floor.

    Raises AgentPriceBound or PriceBelowFloor naming each line (rules 3.8.6).
    """
    by_hand = [line for line in lines if line.by_hand]
    if not by_hand or latitude is None:
        return
    each = [(line, bounds(line.price, latitude, terms.book.policy.scale)) for line in by_hand]
    outside = [
        (line, limits)
        for line, limits in each
        if not limits.admit(discounted(line.unit_price, line.asked.discount_percent))
    ]
    if outside:
        raise AgentPriceBound(
            "A price set by hand is outside your bounds; set one between floor and ceiling, discount included.",
            errors=[FieldError(line.field, AgentPriceBound.code, _between(limits)) for line, limits in outside],
            bounds=[_facts(line, limits) for line, limits in outside],
        )
    if latitude is not ANY_PRICE:
        refuse_if(PriceBelowFloor, _below_floor(by_hand, terms))


def _below_floor(lines: Sequence[PricedLine], terms: Terms) -> list[FieldError]:
    """Return the lines that an agent brought below the floor of their goods, which is no secret to who sells them."""
    errors = []
    for line in lines:
        least = floor(line.goods, terms.currency, terms.book.policy)
        if least is not None and discounted(line.unit_price, line.asked.discount_percent) < least:
            message = f"One unit may not cost less than {least} {terms.currency}, after the line's discount."
            errors.append(FieldError(line.field, PriceBelowFloor.code, message))
    return errors


def _between(limits: Bounds) -> str:
    upper = f" and {limits.ceiling}" if limits.ceiling else ""
    return f"One unit must cost between {limits.floor}{upper}, after the line's discount."


def _facts(line: PricedLine, limits: Bounds) -> dict[str, object]:
    return {"pointer": line.field, "sku": line.asked.sku, "floor": limits.floor, "ceiling": limits.ceiling}
