"""How a price came about: every rule that was looked at, and what became of it (rules 3.0, trace)."""

from enum import StrEnum
from uuid import UUID

from shared.contracts.base import Contract
from shared.contracts.catalog.price_lists import PriceLevel, Scope
from shared.contracts.values import Quantity
from shared.kernel.money import UnitPrice


class RuleOutcome(StrEnum):
    """What became of a rule: it made the price, another came before it, or it did not count at all."""

    APPLIED = "applied"
    SHADOWED_BY = "shadowed_by"
    NOT_ELIGIBLE = "not_eligible"


class PriceTrace(Contract):
    """One rule that was looked at. `code` says why it did or did not count; amounts are of one unit.

    `rule` is the number of a row of the list named, `promotion_id` that of a promotion; the base price, the cap and the
    floor have neither. `shadowed_by` is the row that came before it.
    """

    level: PriceLevel
    rule: int | None = None
    promotion_id: UUID | None = None
    name: str
    scope: Scope | None = None
    min_qty: Quantity | None = None
    outcome: RuleOutcome
    code: str
    message: str
    amount_in: UnitPrice | None = None
    amount_out: UnitPrice | None = None
    shadowed_by: int | None = None
