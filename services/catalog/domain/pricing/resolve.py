"""The price itself: levels from everyone's up to the most specific, the floor, the cap at everyone's (rules 3.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.catalog.domain.prices import rounded
from services.catalog.domain.pricing.candidates import Candidate, Misfit, of_level
from services.catalog.domain.pricing.facts import REASONS, SINGLE, Goods, Level, Policy, Quantities
from services.catalog.domain.pricing.floors import floor
from services.catalog.domain.promotions import Applied, reduced
from shared.contracts.catalog.storefront import PriceReason
from shared.kernel.money import UnitPrice

EXEMPT = frozenset({Level.AGENT, Level.QUOTE})
"""Levels that somebody agreed on with the buyer: policy, floor and cap change nothing of them."""


@dataclass(frozen=True, slots=True)
class Considered:
    """What a level looked at: the rows that counted, best first, and those that did not."""

    level: Level
    candidates: Sequence[Candidate]
    misfits: Sequence[Misfit]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a level comes to, in major units, rounded as prices of one unit are. No row: it is the base price."""

    amount: Decimal
    level: Level
    row: Candidate | None = None
    promotions: tuple[Applied, ...] = ()
    floored: bool = False


@dataclass(frozen=True, slots=True)
class Price:
    """What one unit costs, what it costs everyone, and why; no amounts where there is no price to show.

    `list_price` is everyone's before promotions, `public_price` after them; `original` is what an announced reduction
    is counted from. `capped`: everyone's price was lower than the buyer's own.
    """

    unit_price: UnitPrice | None
    list_price: UnitPrice | None
    public_price: UnitPrice | None
    reason: PriceReason
    original: UnitPrice | None = None
    winner: Outcome | None = None
    capped: Outcome | None = None
    considered: tuple[Considered, ...] = ()


def hidden(reason: PriceReason) -> Price:
    """Return the answer to who may not see a price."""
    return Price(None, None, None, reason)


def resolve(goods: Goods, currency: str, policy: Policy, quantities: Quantities = SINGLE) -> Price:
    """Return what one unit of some goods costs the buyer whose lists their rows are of (rules 3.1).

    Nothing is converted: goods without a price in `currency` and their mode answer PRICE_UNAVAILABLE. Equal facts in
    any order give an equal price.
    """
    levels = _Levels(goods, currency, quantities, floor(goods, currency, policy), policy.scale)
    public = levels.public()
    winner = levels.own(public, lowest=policy.lowest)
    if winner is None:
        return Price(None, None, None, PriceReason.PRICE_UNAVAILABLE, considered=tuple(levels.considered))
    capped = None
    if policy.cap_at_public and public is not None and winner.level not in EXEMPT and public.amount < winner.amount:
        capped, winner = winner, public
    return _priced(goods, currency, policy.scale, winner, public, capped, levels.considered)


class _Levels:
    """One computation on its way up: what each level comes to, and what it looked at."""

    def __init__(
        self, goods: Goods, currency: str, quantities: Quantities, floor: Decimal | None, scale: int | None
    ) -> None:
        self._goods, self._currency, self._scale = goods, currency, scale
        self._quantities, self._floor = quantities, floor
        self._levels = {row.list.level for row in goods.rows}
        self.considered: list[Considered] = []

    def public(self) -> Outcome | None:
        """Return everyone's price: the market's, or the base price, with the promotions in force."""
        base = self._goods.base
        below = rounded(base.amount, self._currency, self._scale) if base else None
        market = self._of(Level.MARKET, below)
        amount = market.amount if market else below
        if amount is None:
            return None
        level, row, floored = (market.level, market.row, market.floored) if market else (Level.BASE, None, False)
        amount, applied = self._promoted(amount)
        return Outcome(amount, level, row, applied, floored)

    def own(self, public: Outcome | None, *, lowest: bool) -> Outcome | None:
        """Return what this buyer's own lists come to, or everyone's price where they have none that counts."""
        found = public
        for level in (Level.GROUP, Level.CONTRACT, Level.QUOTE):
            outcome = self._of(level, found.amount if found else None)
            if outcome is None:
                continue
            cheaper = found is None or outcome.amount < found.amount
            if level in EXEMPT or not lowest or cheaper:
                found = outcome
        return found

    def _of(self, level: Level, below: Decimal | None) -> Outcome | None:
        if level not in self._levels:
            return None
        candidates, misfits = of_level(level, self._goods, self._currency, self._quantities, below, self._scale)
        self.considered.append(Considered(level, candidates, misfits))
        if not candidates:
            return None
        best = candidates[0]
        amount = best.amount
        applied: tuple[Applied, ...] = ()
        if best.row.list.stackable and level is not Level.MARKET:
            amount, applied = self._promoted(amount)
        floored = level not in EXEMPT and self._floor is not None and amount < self._floor
        return Outcome(self._floor if floored and self._floor is not None else amount, level, best, applied, floored)

    def _promoted(self, amount: Decimal) -> tuple[Decimal, tuple[Applied, ...]]:
        if not self._goods.promotions:
            return amount, ()
        goods = self._goods
        left, applied = reduced(amount, self._currency, goods.promotions, self._floor, goods.mode, self._scale)
        return left, tuple(applied)


def _priced(
    goods: Goods,
    currency: str,
    scale: int | None,
    winner: Outcome,
    public: Outcome | None,
    capped: Outcome | None,
    considered: list[Considered],
) -> Price:
    base = goods.base
    list_price = UnitPrice(rounded(base.amount, currency, scale), currency) if base else None
    everyone = public is winner and bool(winner.promotions)
    original = list_price if everyone else None
    if base and base.original is not None and public is winner and base.original > winner.amount:
        original = UnitPrice(rounded(base.original, currency, scale), currency) if not everyone else original
    return Price(
        unit_price=UnitPrice(winner.amount, currency),
        list_price=list_price,
        public_price=UnitPrice(public.amount, currency) if public else None,
        reason=PriceReason.PROMOTION if everyone else REASONS[winner.level],
        original=original,
        winner=winner,
        capped=capped,
        considered=tuple(considered),
    )
