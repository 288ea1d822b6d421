"""What is written down of markets: each whose price is another than everyone's, found without pricing each of them."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.domain import public_prices
from services.catalog.domain.book import RuleBook
from services.catalog.domain.prices import PUBLIC, market_id
from services.catalog.domain.pricing.facts import Base, Level
from services.catalog.domain.promotions import PromotionFacts
from services.catalog.domain.public_prices import Apart, PublicGoods, Rows, TimedRow, news_apart, public_price
from services.catalog.tests.test_prices import CHAIRS, FURNITURE, PRODUCT, VARIANT, a_list, a_row, a_sale
from shared.contracts.catalog.catalog_settings import CatalogSettings
from shared.contracts.catalog.price_lists import Scope
from shared.kernel.ids import new_id

NOON = datetime(2030, 6, 1, 12, tzinfo=UTC)
MARKETS = ("at", "be", "de", "fr")
CHAIR = PublicGoods(VARIANT, PRODUCT, (CHAIRS,), "EUR", Base(Decimal(100)))
TREE = {FURNITURE: (FURNITURE,), CHAIRS: (FURNITURE, CHAIRS)}

some = st.frozensets(st.sampled_from(MARKETS), max_size=2)
rows_of = st.lists(st.tuples(some, st.integers(50, 130), st.sampled_from([Scope.VARIANT, Scope.ALL])), max_size=4)
sales = st.lists(
    st.builds(
        lambda markets, percent, target: a_sale(
            str(percent), markets=markets, scope=Scope.CATEGORY, target_ids=frozenset({target})
        ),
        some,
        st.integers(0, 30),
        st.sampled_from([FURNITURE, new_id()]),
    ),
    max_size=3,
)


def listed(told: list[tuple[frozenset[str], int, Scope]]) -> Rows:
    """Return rows of lists for everyone of some markets; for none of them in particular, of all."""
    rows: dict[UUID, list[TimedRow]] = {}
    for markets, amount, scope in told:
        row = a_row(a_list(Level.MARKET), str(amount), scope)
        targets = frozenset(map(market_id, markets)) or frozenset({PUBLIC})
        rows.setdefault(row.target_id, []).append(TimedRow(row, "EUR", None, None, targets))
    return rows


@given(rows_of, sales, st.none() | st.sampled_from(MARKETS))
def test_o1_whatever_is_apart_is_what_everyone_of_that_market_pays(
    told: list[tuple[frozenset[str], int, Scope]], promotions: list[PromotionFacts], own: str | None
) -> None:
    rows, book = listed(told), RuleBook(new_id(), CatalogSettings(default_market=own), TREE, promotions)
    each = {market: public_price(CHAIR, book, rows, NOON, market) for market in (own, *MARKETS)}

    apart = {market: Apart(NOON, amount) for market, amount in each.items() if amount != each[own]}
    assert dict(news_apart(CHAIR, book, rows, MARKETS, NOON)) == apart


def test_markets_that_nothing_names_take_no_price_each(monkeypatch: pytest.MonkeyPatch) -> None:
    priced, resolve = count(), public_prices.resolve
    monkeypatch.setattr(public_prices, "resolve", lambda *of: (next(priced), resolve(*of))[1])
    sale = a_sale("10", markets=frozenset({"de"}))
    book = RuleBook(new_id(), CatalogSettings(), TREE, (sale,))

    (news,) = news_apart(CHAIR, book, {}, [*MARKETS, *(f"market-{n}" for n in range(200))], NOON)

    assert news == ("de", Apart(NOON, Decimal("90.00")))
    assert next(priced) == 3
