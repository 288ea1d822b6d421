"""What decides prices, sight and rights between a buyer and whoever acts, read in one statement."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.domain.dealings import BuyerFacts, Dealing, SellerFacts
from services.catalog.domain.prices import PUBLIC, market_id
from services.catalog.domain.pricing.facts import LEVELS, ListFacts
from services.catalog.repository import rulebook
from services.catalog.repository.catalog_settings import DEFAULT_MARKET_ID
from services.catalog.repository.json_columns import read as told
from shared.contracts.agents.agents import AgentStatus
from shared.contracts.catalog.catalog_settings import THE_BOOK
from shared.contracts.catalog.price_lists import PriceLevel, PriceMode, TierBasis
from shared.contracts.customers.customers import CustomerStatus
from shared.messaging.hot import Hot
from shared.messaging.work import UnitOfWork

VISITOR = "visitor"
WIDTH = 17
"""How many columns tell of a dealing."""
Told = tuple[Any, ...]


class Asked(NamedTuple):
    """For whom, by whom, in which currency and market, at which moment."""

    customer_id: UUID | None
    seller_id: UUID | None
    currency: str
    market: str | None
    as_of: datetime

    def given(self) -> dict[str, Any]:
        """Return what `statement` binds."""
        return {
            "customer_id": self.customer_id,
            "seller_id": self.seller_id,
            "currency": self.currency,
            "market": self.market,
            "market_id": market_id(self.market) if self.market else None,
            "as_of": self.as_of,
        }


def statement(columns: str = "", joins: str = "") -> str:
    """Return the statement of one row, whatever of it is known; a caller may have more columns come with it.

    Lists are those in force whose target is the buyer, a company or group of theirs, the visitors' group, the market
    (the shop's own where none is named that a list or a promotion is for) or everyone. How many others there are costs
    nothing: targets and lists are found by their ids.
    """
    return f"""
        SELECT buyers.id AS buyer_id, buyers.status AS buyer_status, buyers.group_ids, buyers.agent_id,
            chain.company_ids,
            (SELECT count(*) FROM buyer_groups WHERE id = ANY (buyers.group_ids) AND NOT show_prices) AS hiding_groups,
            sellers.id AS seller_id, sellers.status AS seller_status, sellers.max_discount_percent,
            sellers.max_increase_percent,
            (SELECT agents_serve_all FROM sales_rules ORDER BY version DESC LIMIT 1) AS agents_serve_all,
            visitors.id AS visitor_group_id, visitors.show_prices AS visitors_see_prices,
            book.stamp, market.named AS market, lists.found AS lists, own.rules AS own_rules {columns}
        FROM rule_book AS book
        LEFT JOIN buyers ON buyers.id = CAST(:customer_id AS uuid)
        LEFT JOIN sellers ON sellers.id = CAST(:seller_id AS uuid)
        LEFT JOIN buyer_groups AS visitors ON visitors.code = '{VISITOR}'
        CROSS JOIN LATERAL (
            WITH RECURSIVE above(id, depth) AS (
                SELECT buyers.company_id, 1 WHERE buyers.company_id IS NOT NULL
                UNION ALL
                SELECT companies.parent_id, above.depth + 1 FROM above JOIN buyer_companies AS companies USING (id)
                WHERE companies.parent_id IS NOT NULL AND above.depth < 10
            ) SELECT array_agg(id ORDER BY depth) AS company_ids FROM above
        ) AS chain
        CROSS JOIN (
            SELECT CASE WHEN CAST(:market AS text) IS NULL THEN NULL
                WHEN EXISTS (SELECT FROM price_list_targets WHERE target_id = CAST(:market_id AS uuid))
                    OR EXISTS (SELECT FROM promotions WHERE CAST(:market AS text) = ANY (markets))
                THEN CAST(:market AS text) END AS named
        ) AS market
        CROSS JOIN LATERAL (
            SELECT json_agg(json_build_array(lists.id, lists.number, lists.version, lists.name, lists.level,
                lists.priority, lists.tier_basis, lists.stackable, lists.mode, targets.target_id))::text AS found
            FROM price_list_targets AS targets
            -- OFFSET 0: by its id for each target, never all lists at once.
            CROSS JOIN LATERAL (SELECT * FROM price_lists WHERE price_lists.id = targets.list_id OFFSET 0) AS lists
            WHERE targets.target_id = ANY (
                    ARRAY['{PUBLIC}'::uuid, buyers.id, visitors.id,
                        CASE WHEN market.named IS NULL THEN CAST(book.settings ->> '{DEFAULT_MARKET_ID}' AS uuid)
                            ELSE CAST(:market_id AS uuid) END]
                    || buyers.group_ids || chain.company_ids)
                AND lists.status = 'active' AND lists.currency = :currency
                AND (lists.starts_at IS NULL OR lists.starts_at <= :as_of)
                AND (lists.ends_at IS NULL OR :as_of < lists.ends_at)
        ) AS lists
        CROSS JOIN LATERAL (
            SELECT json_agg(rules)::text AS rules FROM visibility_rules AS rules
            WHERE rules.buyer_id = buyers.id AND rules.scope = 'category'
        ) AS own
        {joins}
        WHERE book.id = '{THE_BOOK}'
    """  # noqa: S608 - no word of anyone's


_read = Hot(statement(), steady=True)


async def read(work: UnitOfWork, asked: Asked) -> Row[Any]:
    """Return what is known of a buyer, of an agent, of their lists and of the shop's rules, as told. One statement."""
    row: Row[Any] = (await work.fetch(_read, asked.given()))[0]
    return row


async def read_again(session: AsyncSession, asked: Asked) -> Row[Any]:
    """Return the same once this transaction has kept what was not known before. One statement."""
    return (await session.execute(_read.clause, asked.given())).one()


def told_of(row: Row[Any]) -> Told:
    """Return what a row of `statement` tells of a dealing, whatever else comes with it; equal where it is the same."""
    return tuple(row[:WIDTH])


def dealing(row: Row[Any]) -> Dealing:
    """Return a row of `statement` as values; what is not known is None."""
    return Dealing(
        stamp=row.stamp,
        buyer=_buyer(row),
        seller=_seller(row),
        agents_serve_all=bool(row.agents_serve_all),
        visitor_group_id=row.visitor_group_id,
        visitors_see_prices=row.visitors_see_prices is not False,
        lists=tuple(map(_list, told(row.lists))),
        own_rules=tuple(map(rulebook.rule, told(row.own_rules))),
        market=row.market,
    )


def _buyer(row: Row[Any]) -> BuyerFacts | None:
    if row.buyer_id is None:
        return None
    return BuyerFacts(
        id=row.buyer_id,
        status=CustomerStatus(row.buyer_status),
        group_ids=tuple(row.group_ids),
        agent_id=row.agent_id,
        hiding_groups=row.hiding_groups,
        company_ids=tuple(row.company_ids or ()),
    )


def _seller(row: Row[Any]) -> SellerFacts | None:
    if row.seller_id is None:
        return None
    status = AgentStatus(row.seller_status)
    return SellerFacts(row.seller_id, status, row.max_discount_percent, row.max_increase_percent)


def _list(told: list[Any]) -> tuple[UUID, ListFacts]:
    id_, number, version, name, level, priority, basis, stackable, mode, target_id = told
    facts = ListFacts(
        id=UUID(id_),
        number=number,
        version=version,
        name=name,
        level=LEVELS[PriceLevel(level)],
        priority=priority,
        basis=TierBasis(basis),
        stackable=stackable,
        mode=PriceMode(mode),
    )
    return UUID(target_id), facts
