"""The least a customer group must order at once, and what becomes of an order below it (rules 3.2).

The subtotal is that of the lines at the group's prices, after the discounts of lines, before coupons, without shipping;
it is with tax where the buyer's prices are, and amounts of a minimum are then read so. Of a buyer's groups those with a
minimum count; one that is reached is enough. Where none is, the one nearest to being reached says what is missing and
what happens. An amount says nothing in another currency than its own: nothing is converted.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.catalog.domain.quantities import upwards
from shared.contracts.catalog.group_terms import GroupTermsInvalid, OrderMinimum
from shared.contracts.catalog.rules import MinimumAction, MinimumOperator
from shared.contracts.values import as_number
from shared.kernel.money import Money
from shared.kernel.problems import FieldError

MOST_TRIES = 100


@dataclass(frozen=True, slots=True)
class Minimum:
    """A group's minimum: pieces and amount, both or one of them, and what becomes of an order below."""

    group_id: UUID
    min_qty: Decimal | None = None
    min_subtotal: Money | None = None
    operator: MinimumOperator = MinimumOperator.AND
    action: MinimumAction = MinimumAction.BLOCK
    surcharge: Money | None = None

    def within(self, currency: str) -> "Minimum":
        """Return what this minimum says of an order in a currency.

        A fee in another currency cannot be charged, so the order is refused in its place.
        """
        asked = self.min_subtotal if self.min_subtotal and self.min_subtotal.currency == currency else None
        fee = self.surcharge if self.surcharge and self.surcharge.currency == currency else None
        unpayable = self.action is MinimumAction.SURCHARGE and fee is None
        action = MinimumAction.BLOCK if unpayable else self.action
        return Minimum(self.group_id, self.min_qty, asked, self.operator, action, fee)

    @property
    def asks(self) -> bool:
        """Tell whether there is any minimum."""
        return bool(self.min_qty or self.min_subtotal)


@dataclass(frozen=True, slots=True)
class Met:
    """The order may be at the group's prices, without a fee. `group_id`: whose minimum it reached, if any asked."""

    group_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What an order lacks, and what becomes of it; nought of what is not asked or is reached.

    With the operator `or` either of the two is enough. `surcharge` is the fee of that action.
    """

    minimum: Minimum
    missing_qty: Decimal
    missing_subtotal: Money

    @property
    def action(self) -> MinimumAction:
        """Return what becomes of the order."""
        return self.minimum.action

    @property
    def surcharge(self) -> Money | None:
        """Return the fee of an order that is taken all the same."""
        return self.minimum.surcharge if self.action is MinimumAction.SURCHARGE else None


def judge(minimums: Iterable[Minimum], quantity: Decimal, subtotal: Money) -> Met | Shortfall:
    """Return whether an order of `quantity` pieces and `subtotal` reaches the minimum of its buyer's groups."""
    asking = [one for each in minimums if (one := each.within(subtotal.currency)).asks]
    if not asking:
        return Met()
    reached = {one.group_id: _reached(one, quantity, subtotal) for one in asking}
    nearest = min(asking, key=lambda one: (-reached[one.group_id], one.group_id))
    if reached[nearest.group_id] >= 1:
        return Met(nearest.group_id)
    asked = nearest.min_subtotal or Money.zero(subtotal.currency)
    missing = Money(max(asked.amount - subtotal.amount, Decimal(0)), subtotal.currency)
    return Shortfall(nearest, max((nearest.min_qty or Decimal(0)) - quantity, Decimal(0)), missing)


def units_to_add(
    minimums: Iterable[Minimum],
    quantity: Decimal,
    currency: str,
    price_at: Callable[[Decimal], Decimal],
    step: Decimal = Decimal(1),
) -> Decimal | None:
    """Return how many more units a cart of one variant needs to reach the minimum; None where no number does.

    `price_at`: what one unit costs at a quantity, after discounts, not rising with it: a tier that lowers the price is
    thought of. `step`: in which whole steps the variant is ordered.
    """
    asking = [one for each in minimums if (one := each.within(currency)).asks]
    if not asking:
        return Decimal(0)
    enough = (_least(one, quantity, price_at, step) for one in asking)
    least = min((reached for reached in enough if reached is not None), default=None)
    return None if least is None else least - quantity


def refusal(shortfall: Shortfall) -> OrderMinimum:
    """Return the problem of an order that is below its minimum and refused for it."""
    minimum, parts = shortfall.minimum, []
    if shortfall.missing_qty:
        parts.append(f"{shortfall.missing_qty.normalize():f} more pieces")
    if shortfall.missing_subtotal:
        parts.append(f"goods for {shortfall.missing_subtotal.amount} {shortfall.missing_subtotal.currency} more")
    joined = f" {minimum.operator} ".join(parts)
    return OrderMinimum(f"The order is below the minimum; add {joined}.", **told(shortfall))


def told(shortfall: Shortfall) -> dict[str, Any]:
    """Return what an order lacks as JSON has it."""
    minimum = shortfall.minimum
    return {
        "minimum_qty": minimum.min_qty and as_number(minimum.min_qty),
        "minimum_subtotal": minimum.min_subtotal and _written(minimum.min_subtotal),
        "operator": minimum.operator.value,
        "action": minimum.action.value,
        "missing_qty": as_number(shortfall.missing_qty),
        "shortfall": _written(shortfall.missing_subtotal),
    }


def check_minimum(minimum: Minimum) -> None:
    """Refuse a minimum that contradicts itself. Raises GroupTermsInvalid naming each field."""
    errors = []
    if minimum.action is MinimumAction.SURCHARGE and not minimum.surcharge:
        message = "Say what the surcharge is: an amount above 0."
        errors.append(FieldError("/surcharge", "SURCHARGE_MISSING", message))
    if minimum.action is not MinimumAction.SURCHARGE and minimum.surcharge is not None:
        message = "A surcharge belongs to the action `surcharge`; leave it out, or choose that action."
        errors.append(FieldError("/surcharge", "SURCHARGE_UNUSED", message))
    for name, amount in (("min_subtotal", minimum.min_subtotal), ("surcharge", minimum.surcharge)):
        if amount is not None and amount.amount < 0:
            pointer = "/surcharge" if name == "surcharge" else "/minimum_subtotal"
            errors.append(FieldError(pointer, "AMOUNT_NEGATIVE", "An amount here is not below 0."))
    if minimum.min_subtotal and minimum.surcharge and minimum.min_subtotal.currency != minimum.surcharge.currency:
        message = f"The minimum is in {minimum.min_subtotal.currency}; say the surcharge in the same currency."
        errors.append(FieldError("/surcharge", "CURRENCY_DIFFERS", message))
    if errors:
        raise GroupTermsInvalid(errors=errors)


def _reached(minimum: Minimum, quantity: Decimal, subtotal: Money) -> Decimal:
    """Return how far an order is on its way to a minimum: 1 and more where it is reached."""
    parts = []
    if minimum.min_qty:
        parts.append(quantity / minimum.min_qty)
    if minimum.min_subtotal:
        parts.append(subtotal.amount / minimum.min_subtotal.amount)
    return min(parts) if minimum.operator is MinimumOperator.AND else max(parts)


def _least(
    minimum: Minimum, quantity: Decimal, price_at: Callable[[Decimal], Decimal], step: Decimal
) -> Decimal | None:
    """Return the least quantity, not below this one, that reaches a minimum.

    What is needed only grows while the price falls, so asking again with the price of the answer ends at the least.
    """
    reached = quantity
    for _ in range(MOST_TRIES):
        needed = _needed(minimum, price_at(reached))
        if needed is None:
            return None
        if needed <= reached:
            return reached
        reached = upwards(needed, step)
    return None


def _needed(minimum: Minimum, price: Decimal) -> Decimal | None:
    """Return how many pieces at a price reach a minimum; None where no number does."""
    parts = [minimum.min_qty] if minimum.min_qty else []
    if minimum.min_subtotal and price > 0:
        parts.append(minimum.min_subtotal.amount / price)
    elif minimum.min_subtotal and minimum.operator is MinimumOperator.AND:
        return None
    if not parts:
        return None
    return max(parts) if minimum.operator is MinimumOperator.AND else min(parts)


def _written(money: Money) -> dict[str, str]:
    return {"amount": str(money.amount), "currency": money.currency}
