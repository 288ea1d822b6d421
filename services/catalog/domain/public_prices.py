"""What everyone pays for goods at a moment, and what of that is news."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from services.catalog.domain.book import RuleBook
from services.catalog.domain.price_history import Step
from services.catalog.domain.prices import PUBLIC
from services.catalog.domain.pricing.facts import Base, Goods, RowFacts
from services.catalog.domain.pricing.resolve import resolve
from services.catalog.domain.windows import within


@dataclass(frozen=True, slots=True)
class TimedRow:
    """A row of a list for everyone, which counts in [starts_at, ends_at)."""

    row: RowFacts
    currency: str
    starts_at: datetime | None
    ends_at: datetime | None

    def in_force(self, at: datetime) -> bool:
        """Tell whether a moment lies within the list's time."""
        return within(self.starts_at, self.ends_at, at)


@dataclass(frozen=True, slots=True)
class PublicGoods:
    """A variant in one currency, and what everyone was last known to pay for it. `cost`: in that currency."""

    variant_id: UUID
    product_id: UUID
    category_ids: Sequence[UUID]
    currency: str
    base: Base
    cost: Decimal | None = None
    last: Step | None = None


Rows = Mapping[UUID, Sequence[TimedRow]]
"""The rows of lists for everyone, by the id of what they are about."""


def public_price(goods: PublicGoods, book: RuleBook, rows: Rows, at: datetime) -> Decimal | None:
    """Return what one unit costs everyone at a moment, in major units; the market is the shop's default one."""
    places = book.places(goods.category_ids)
    about = (goods.variant_id, goods.product_id, *places, PUBLIC)
    timed = (timed for id_ in about for timed in rows.get(id_, ()))
    facts = Goods(
        variant_id=goods.variant_id,
        product_id=goods.product_id,
        base=goods.base,
        places=places,
        cost=goods.cost,
        rows=tuple(one.row for one in timed if one.currency == goods.currency and one.in_force(at)),
        promotions=tuple(
            one
            for one in book.in_force(at, book.settings.default_market)
            if one.covers(goods.variant_id, goods.product_id, places.keys())
        ),
    )
    price = resolve(facts, goods.currency, book.policy).public_price
    return None if price is None else price.amount


def news(goods: PublicGoods, book: RuleBook, rows: Rows, at: datetime) -> Step | None:
    """Return the step to be added to the history of these goods, or None where everyone pays what is known already.

    Where something later is known already, the step is taken at that moment: a history never goes back.
    """
    moment = at if goods.last is None else max(at, goods.last.at)
    amount = public_price(goods, book, rows, moment)
    if amount is None or (goods.last is not None and goods.last.amount == amount):
        return None
    return Step(moment, amount)
