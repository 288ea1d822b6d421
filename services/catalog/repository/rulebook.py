"""The rule book: the shop's settings and rules, read anew only when their stamp is another."""

from collections import OrderedDict
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.domain.book import RuleBook
from services.catalog.domain.promotions import PromotionFacts
from services.catalog.domain.visibility import VisibilityFact
from services.catalog.repository.json_columns import read
from services.catalog.repository.tables import rule_book
from shared.contracts.catalog.catalog_settings import THE_BOOK, CatalogSettings
from shared.contracts.catalog.price_lists import AdjustmentKind, PriceMode, Scope
from shared.contracts.catalog.rules import Availability, BuyerScope

KEPT = 4
_changed = (
    update(rule_book)
    .where(rule_book.c.id == THE_BOOK)
    .values(version=rule_book.c.version + 1, stamp=func.gen_random_uuid())
)
_hold = select(rule_book.c.id).where(rule_book.c.id == THE_BOOK).with_for_update(key_share=True)
_read = text(f"""
    SELECT stamp, settings::text AS settings, markets_since,
        (SELECT json_agg(json_build_array(id, path))::text FROM categories) AS tree,
        (SELECT json_agg(promotions)::text FROM promotions WHERE enabled) AS promotions,
        (SELECT json_agg(visibility_rules)::text FROM visibility_rules
            WHERE scope = 'category' AND buyer_scope <> 'customer') AS category_rules,
        (SELECT json_agg(DISTINCT buyer_id)::text FROM visibility_rules WHERE scope = 'product') AS named_ids,
        (SELECT json_agg(DISTINCT buyer_id)::text FROM quantity_rules) AS limited_ids,
        (SELECT json_agg(json_build_array(group_id, availability))::text FROM group_terms) AS availability,
        (SELECT json_agg(json_build_array(group_id, price_mode))::text FROM group_terms
            WHERE price_mode IS NOT NULL) AS modes
    FROM rule_book WHERE id = '{THE_BOOK}'
""")  # noqa: S608 - no word of anyone's
# Books by their stamp: what is kept of one never changes, and every replica asks the database which stamp counts.
_books: OrderedDict[UUID, RuleBook] = OrderedDict()


async def changed(session: AsyncSession) -> None:
    """Say that settings, the tree, promotions, visibility, quantity rules or terms of groups are others than before.

    The book's row stays locked until the transaction ends: two changes of rules follow one another.
    """
    await session.execute(_changed)


async def follow_markets(session: AsyncSession, since: datetime) -> None:
    """Say that from a moment on it is known what everyone paid in every market. One statement."""
    await session.execute(_changed.values(markets_since=since))


async def hold(session: AsyncSession) -> None:
    """Let no rule change until the transaction ends. One statement."""
    await session.execute(_hold)


async def at(session: AsyncSession, stamp: UUID) -> RuleBook:
    """Return the book of a stamp, or a newer one. No statement while rules stay the same, else one."""
    if stamp in _books:
        _books.move_to_end(stamp)
        return _books[stamp]
    book = _book((await session.execute(_read)).one())
    _books[book.stamp] = book
    while len(_books) > KEPT:
        _books.popitem(last=False)
    return book


def _book(row: Any) -> RuleBook:
    return RuleBook(
        stamp=row.stamp,
        settings=CatalogSettings.model_validate_json(row.settings),
        tree={UUID(id_): tuple(map(UUID, path)) for id_, path in read(row.tree)},
        promotions=tuple(map(_promotion, read(row.promotions))),
        category_rules=tuple(map(rule, read(row.category_rules))),
        product_rules=row.named_ids is not None,
        named_ids=frozenset(map(UUID, read(row.named_ids))),
        limited_ids=frozenset(map(UUID, read(row.limited_ids))),
        availability={UUID(id_): Availability(how) for id_, how in read(row.availability)},
        modes={UUID(id_): PriceMode(mode) for id_, mode in read(row.modes)},
        markets_since=row.markets_since,
    )


def rule(told: dict[str, Any]) -> VisibilityFact:
    """Return a visibility rule from its row as JSON."""
    return VisibilityFact(
        id=UUID(told["id"]),
        number=told["number"],
        buyer_scope=BuyerScope(told["buyer_scope"]),
        buyer_id=UUID(told["buyer_id"]),
        scope=Scope(told["scope"]),
        target_id=UUID(told["target_id"]),
        allow=told["allow"],
    )


def _promotion(told: dict[str, Any]) -> PromotionFacts:
    moments = {key: told[key] and datetime.fromisoformat(told[key]) for key in ("starts_at", "ends_at")}
    return PromotionFacts(
        id=UUID(told["id"]),
        number=told["number"],
        name=told["name"],
        priority=told["priority"],
        exclusive=told["exclusive"],
        kind=AdjustmentKind(told["kind"]),
        value=Decimal(told["value"]),
        currency=told["currency"],
        mode=PriceMode(told["mode"]),
        scope=Scope(told["scope"]),
        target_ids=frozenset(map(UUID, told["target_ids"])),
        markets=frozenset(told["markets"]),
        **moments,
    )
