"""What is remembered stays within its bounds and holds no longer than what it was made of."""

from decimal import Decimal
from gc import collect
from typing import Any
from uuid import UUID
from weakref import ref

import pytest

from services.catalog.domain.book import RuleBook
from services.catalog.domain.remembered import Memory, weight
from services.catalog.handlers import asking
from services.catalog.handlers.asking import Look, asked_by
from services.catalog.handlers.commands.prices import set_base_price
from services.catalog.handlers.loading import browsing as remembered
from services.catalog.handlers.queries.storefront import list_products
from services.catalog.repository import browsing, dealings, rulebook
from services.catalog.repository.narrowing import Narrowed
from services.catalog.tests.dealing import settled
from services.catalog.tests.samples import KEEPER, CommittedShop, Shop, a_buyer, eur
from services.catalog.tests.test_browsing import browsed
from shared.contracts.actor import VISITOR
from shared.contracts.catalog.prices import SetBasePrice
from shared.contracts.catalog.storefront import ListProducts
from shared.kernel.ids import new_id
from shared.testing import customer

MOST = 100_000


def test_what_finds_nothing_fills_no_memory() -> None:
    memory = Memory[str](MOST, len)
    for number in range(10_000):
        memory.keep(("nothing", number), "")

    assert len(memory._kept) * weight(("nothing", 1)) <= MOST
    assert memory.find(("nothing", 9_999)) == ""
    assert memory.find(("nothing", 0)) is None
    memory.clear()
    assert memory.find(("nothing", 9_999)) is None


def test_a_search_below_thousands_of_categories_is_remembered_by_little() -> None:
    ids = [new_id() for _ in range(3_000)]
    below = Narrowed("none", None, ids, {})

    assert weight(below.key) < 1_000
    assert below.key == Narrowed("none", None, ids[::-1], {}).key
    others: tuple[list[UUID] | None, ...] = (ids[1:], [], None)
    assert len({below.key, *(Narrowed("none", None, other, {}).key for other in others)}) == 4


async def test_all_that_tells_of_a_dealing_is_compared(shop: Shop) -> None:
    work = shop.work_as(VISITOR)
    row = await dealings.read(work, asked_by(Look(), work))
    await work.close()

    assert dealings.told_of(row) == tuple(row)


async def test_rule_books_of_before_are_not_kept_by_who_looked_then(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "STANDINGS", asking.Standings())
    books, read = list[ref[RuleBook]](), rulebook._book

    def noted(row: Any) -> RuleBook:
        book = read(row)
        books.append(ref(book))
        return book

    monkeypatch.setattr(rulebook, "_book", noted)
    await shop.sells("chair")
    for number in range(3 * rulebook.KEPT):
        await settled(shop, low_band=number + 1)
        buyer = a_buyer()
        await shop.knows(buyer)
        await shop(list_products, ListProducts(), customer(buyer.id))

    collect()
    assert len(books) > 2 * rulebook.KEPT
    assert sum(book() is not None for book in books) <= rulebook.KEPT


async def test_what_was_counted_of_prices_of_before_is_not_taken_for_those_of_now(
    open_shop: CommittedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    chair = await open_shop.sells("chair", "10.00")
    await open_shop.sells("lamp", "10.00")
    dearer = SetBasePrice(sku="chair", unit_price=eur("99.00"), expected_version=chair.version)
    read = browsing.page
    remembered.ORDERS.clear()  # or an order of another shop would be tried first

    async def then_dearer(*given: Any, **named: Any) -> Any:
        page = await read(*given, **named)
        monkeypatch.setattr(browsing, "page", read)
        await open_shop(set_base_price, dearer, KEEPER)
        return page

    monkeypatch.setattr(browsing, "page", then_dearer)
    first = await browsed(open_shop, max_price=Decimal(10))
    again = await browsed(open_shop, max_price=Decimal(10))

    assert (first.total, len(first.items)) == (2, 2)
    assert (again.total, [one.code for one in again.items]) == (1, ["lamp"])
    assert chair.id not in {one.id for one in again.items}
