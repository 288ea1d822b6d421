"""What everyone pays for goods at a moment, in each market, and what of that is news."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import NamedTuple
from uuid import UUID

from services.catalog.domain.book import RuleBook
from services.catalog.domain.price_history import Step
from services.catalog.domain.prices import PUBLIC, market_id, rounded
from services.catalog.domain.pricing.facts import Base, Goods, RowFacts
from services.catalog.domain.pricing.resolve import resolve
from services.catalog.domain.windows import within
from shared.contracts.catalog.price_lists import PriceMode


@dataclass(frozen=True, slots=True)
class TimedRow:
    """A row of a list for everyone of some markets, or of all, which counts in [starts_at, ends_at).

    `targets`: the ids of the markets, PUBLIC among them for all.
    """

    row: RowFacts
    currency: str
    starts_at: datetime | None
    ends_at: datetime | None
    targets: frozenset[UUID] = frozenset({PUBLIC})

    def in_force(self, at: datetime) -> bool:
        """Tell whether a moment lies within the list's time."""
        return within(self.starts_at, self.ends_at, at)


class Apart(NamedTuple):
    """What everyone of a market pays from a moment on, in major units; None: what everyone else pays."""

    at: datetime
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class PublicGoods:
    """A variant in one currency and mode, and what everyone was last known to pay for it. `cost`: in that currency.

    `apart`: what was last known of the markets in which that was ever another price.
    """

    variant_id: UUID
    product_id: UUID
    category_ids: Sequence[UUID]
    currency: str
    base: Base
    cost: Decimal | None = None
    last: Step | None = None
    mode: PriceMode = PriceMode.NET
    apart: Mapping[str, Apart] = field(default_factory=dict)

    @property
    def latest(self) -> datetime | None:
        """Return the last moment at which anything is known of these goods."""
        known = [step.at for step in (self.last, *self.apart.values()) if step is not None]
        return max(known, default=None)


Rows = Mapping[UUID, Sequence[TimedRow]]
"""The rows of lists for everyone, by the id of what they are about."""


@cache
def _counting(market: str | None) -> frozenset[UUID]:
    return frozenset({PUBLIC} if market is None else {PUBLIC, market_id(market)})


def public_price(goods: PublicGoods, book: RuleBook, rows: Rows, at: datetime, market: str | None) -> Decimal | None:
    """Return what one unit costs everyone of a market at a moment, in major units."""
    if not rows and not book.promotions:
        # Nothing is left to be weighed: everyone's price is the base price, as `resolve` would find.
        return rounded(goods.base.amount, goods.currency, book.policy.scale)
    places = book.places(goods.category_ids)
    about = (goods.variant_id, goods.product_id, *places, PUBLIC)
    counting = _counting(market)
    timed = (timed for id_ in about for timed in rows.get(id_, ()) if not counting.isdisjoint(timed.targets))
    facts = Goods(
        variant_id=goods.variant_id,
        product_id=goods.product_id,
        base=goods.base,
        places=places,
        cost=goods.cost,
        rows=tuple(one.row for one in timed if one.currency == goods.currency and one.in_force(at)),
        promotions=tuple(
            one for one in book.in_force(at, market) if one.covers(goods.variant_id, goods.product_id, places.keys())
        ),
        mode=goods.mode,
    )
    price = resolve(facts, goods.currency, book.policy).public_price
    return None if price is None else price.amount


def news(goods: PublicGoods, book: RuleBook, rows: Rows, at: datetime) -> Step | None:
    """Return the step to be added to the history of these goods, or None where everyone pays what is known already.

    Where something later is known already, the step is taken at that moment: a history never goes back.
    """
    moment = _moment(goods, at)
    amount = public_price(goods, book, rows, moment, book.settings.default_market)
    if amount is None or (goods.last is not None and goods.last.amount == amount):
        return None
    return Step(moment, amount)


def news_apart(
    goods: PublicGoods, book: RuleBook, rows: Rows, markets: Iterable[str], at: datetime
) -> Iterator[tuple[str, Apart]]:
    """Yield, for each market of which that is news, from when on its price is another than everyone's, or is no more.

    A price as everyone's is no news of a market that never had another one: nothing is kept for it.
    """
    if not rows and not book.promotions and not goods.apart:
        return
    moment = _moment(goods, at)
    everyones = public_price(goods, book, rows, moment, book.settings.default_market)
    named = _named(goods, book, rows)
    unnamed = public_price(goods, book, rows, moment, None)
    for market in markets:
        alike = named.isdisjoint(_counting(market))
        there = unnamed if alike else public_price(goods, book, rows, moment, market)
        amount = None if there == everyones else there
        known = goods.apart.get(market)
        if amount != (known.amount if known else None):
            yield market, Apart(moment, amount)


def _named(goods: PublicGoods, book: RuleBook, rows: Rows) -> frozenset[UUID]:
    """Return the ids of the markets that a row or a promotion about these goods names: in all others all pay alike."""
    places = book.places(goods.category_ids)
    about = (goods.variant_id, goods.product_id, *places, PUBLIC)
    of_rows = (timed.targets for target in about for timed in rows.get(target, ()))
    of_promotions = (
        _counting(market)
        for one in book.promotions
        if one.markets and one.covers(goods.variant_id, goods.product_id, places.keys())
        for market in one.markets
    )
    return frozenset[UUID]().union(*of_rows, *of_promotions) - {PUBLIC}


def _moment(goods: PublicGoods, at: datetime) -> datetime:
    return at if goods.latest is None else max(at, goods.latest)
