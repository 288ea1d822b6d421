"""Lines as an order of them would be: priced, held against the rules of quantities and the group's minimum."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from services.catalog.domain import minimums, quantity_checks
from services.catalog.domain.hand_set import check_by_hand
from services.catalog.domain.manual_prices import Latitude, discounted
from services.catalog.domain.minimums import Met, Minimum, Shortfall, judge, units_to_add
from services.catalog.domain.pricing.facts import Quantities
from services.catalog.domain.quantities import Bounds, upwards
from services.catalog.domain.quantity_checks import Broken
from services.catalog.domain.quotes import PricedLine, at_everyones_prices
from services.catalog.domain.stock import sums
from services.catalog.domain.terms import Terms
from shared.contracts.catalog.rules import MinimumAction
from shared.kernel.money import Money

NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Cart:
    """Priced lines, the lines whose quantities cannot be taken, and what is lacking of the minimum, if anything is."""

    lines: Sequence[PricedLine]
    broken: Sequence[Broken] = ()
    shortfall: Shortfall | None = None
    add_units: Decimal | None = None
    subtotal_then: Money | None = None

    @property
    def surcharge(self) -> Money | None:
        """Return the fee, in the mode of the lines' prices, of an order that is taken although below the minimum."""
        return self.shortfall.surcharge if self.shortfall else None


def counting(lines: Sequence[PricedLine], currency: str) -> Money:
    """Return what of lines counts towards a minimum: at the group's prices, or at less where less was set by hand."""
    return Money.sum((line.counting for line in lines), currency)


def subtotal(lines: Sequence[PricedLine], currency: str) -> Money:
    """Return what lines cost together, in the mode of their prices, without shipping and coupons."""
    return Money.sum((line.net for line in lines), currency)


def judged(
    lines: Sequence[PricedLine],
    broken: Sequence[Broken],
    asked: Sequence[Minimum],
    terms: Terms,
    latitude: Latitude | None,
    left: Bounds | None,
) -> Cart:
    """Return lines judged by the minimum of the buyer's groups, at its price where that is what becomes of them.

    The test is made on the group's prices; with `retail_price` the lines are priced anew at levels 5 and 6 (rules 3.2).
    `latitude`: how far the buyer's seller may go from the prices that then count, and from these alone. `left`: which
    quantities of the only variant can be ordered; None where there are several lines. Raises what
    `at_everyones_prices` and `check_by_hand` do.
    """
    quantity = sum((line.asked.quantity for line in lines), NONE)
    verdict = judge(asked, quantity, counting(lines, terms.currency))
    if isinstance(verdict, Met):
        check_by_hand(lines, terms, latitude)
        return Cart(lines, broken)
    units, then = _hint(lines, asked, terms, left)
    if verdict.action is MinimumAction.RETAIL_PRICE:
        lines = at_everyones_prices(lines, terms)
    check_by_hand(lines, terms, latitude)
    return Cart(lines, broken, verdict, units, then)


def placeable(cart: Cart) -> bool:
    """Tell whether an order of these lines would be taken, as far as quantities and the minimum go."""
    blocked = cart.shortfall is not None and cart.shortfall.action is MinimumAction.BLOCK
    return not cart.broken and not blocked


def enough(lines: Sequence[PricedLine], left: Mapping[UUID, Decimal]) -> bool:
    """Tell whether there is enough of every variant, all lines of it together; `left`: what may still be promised."""
    wanted = sums((line.goods.variant_id, line.asked.quantity) for line in lines)
    return all(quantity <= left.get(id_, NONE) for id_, quantity in wanted.items())


def check_placeable(cart: Cart) -> None:
    """Refuse what cannot be ordered as it is. Raises QtyRule naming each line, or OrderMinimum."""
    if cart.broken:
        raise quantity_checks.refusal(cart.broken)
    if cart.shortfall is not None and not placeable(cart):
        raise minimums.refusal(cart.shortfall)


def _hint(
    lines: Sequence[PricedLine], asked: Sequence[Minimum], terms: Terms, left: Bounds | None
) -> tuple[Decimal | None, Money | None]:
    """Return how many more units of the only variant reach the minimum, and what the goods cost then.

    Together with what is asked for they are a quantity that can be ordered; None where no such quantity reaches it.
    """
    if left is None:
        return None, None
    (line,) = lines

    def price_at(quantity: Decimal) -> Decimal:
        computed = terms.price(line.goods, Quantities(quantity, quantity, quantity)).unit_price
        at_most = computed or line.price
        unit = min(line.asked.unit_price or at_most, at_most, key=lambda price: price.amount)
        return discounted(unit, line.asked.discount_percent)

    least = max(left.lowest, upwards(line.asked.quantity, left.step))
    more = units_to_add(asked, least, terms.currency, price_at, left.step)
    if more is None or not left.admit(least + more):
        return None, None
    reached = least + more
    return reached - line.asked.quantity, Money.rounded(price_at(reached) * reached, terms.currency)
