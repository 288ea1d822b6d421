"""Whoever sees nothing of what stands in a category is not told of it either (rules 3.2)."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.domain.book import RuleBook
from services.catalog.domain.prices import PUBLIC, Viewer
from services.catalog.domain.sight import categories_shown, sight
from services.catalog.domain.visibility import VisibilityFact, decide
from services.catalog.handlers.queries.categories import get_category, list_categories
from services.catalog.handlers.queries.content import list_content
from services.catalog.tests.dealing import a_category, settled, shows
from services.catalog.tests.samples import KEEPER, Shop, a_buyer, a_group, a_seller
from shared.contracts.actor import VISITOR, Actor
from shared.contracts.catalog.catalog_settings import CatalogSettings, ShopVisibility
from shared.contracts.catalog.categories import CategoryNotFound, GetCategory, ListCategories
from shared.contracts.catalog.content import ListContent
from shared.contracts.catalog.price_lists import Scope
from shared.contracts.catalog.rules import BuyerScope
from shared.contracts.catalog.storefront import LoginRequired
from shared.contracts.customers.customers import CustomerNotFound
from shared.kernel.ids import new_id
from shared.testing import agent, customer

ANN, DEALERS, PARTNERS = (UUID(int=number) for number in (11, 12, 13))
TOP, SEATS, STOOLS, LAMPS = (UUID(int=number) for number in (21, 22, 23, 24))
TREE = {TOP: (TOP,), SEATS: (TOP, SEATS), STOOLS: (TOP, SEATS, STOOLS), LAMPS: (LAMPS,)}
BUYERS = {ANN: BuyerScope.CUSTOMER, DEALERS: BuyerScope.GROUP, PARTNERS: BuyerScope.GROUP, PUBLIC: BuyerScope.EVERYONE}
VIEWERS = [
    Viewer(),
    Viewer(ANN),
    Viewer(ANN, group_ids=frozenset({DEALERS})),
    Viewer(None, group_ids=frozenset({DEALERS, PARTNERS})),
]


def rule(number: int, buyer_id: UUID, category_id: UUID, *, allow: bool) -> VisibilityFact:
    return VisibilityFact(new_id(), number, BUYERS[buyer_id], buyer_id, Scope.CATEGORY, category_id, allow)


said = st.dictionaries(st.tuples(st.sampled_from(list(BUYERS)), st.sampled_from(list(TREE))), st.booleans(), max_size=8)


@given(said, st.sampled_from(VIEWERS), st.booleans())
def test_what_is_shown_are_the_categories_a_product_would_be_seen_in_and_all_above(
    said: dict[tuple[UUID, UUID], bool], viewer: Viewer, by_default: bool
) -> None:
    rules = [rule(number, *about, allow=allow) for number, (about, allow) in enumerate(said.items())]
    settings = CatalogSettings(shop_visibility=ShopVisibility.VISIBLE if by_default else ShopVisibility.HIDDEN)
    book = RuleBook(new_id(), settings, TREE, category_rules=[one for one in rules if one.buyer_id != ANN])

    shown = categories_shown(book, sight(book, viewer, [one for one in rules if one.buyer_id == ANN]))

    seen = {id_ for id_, path in TREE.items() if decide(new_id(), [path], rules, viewer, by_default).visible}
    assert shown == {above for id_ in seen for above in TREE[id_]}


async def names(shop: Shop, actor: Actor, **asked: UUID) -> set[str]:
    return {one.code for one in (await shop(list_categories, ListCategories(**asked), actor)).items}


async def test_a_category_that_is_hidden_is_neither_listed_nor_found(shop: Shop) -> None:
    group, seller = a_group("keys"), a_seller()
    key, other = a_buyer(group.id, agent_id=seller.id), a_buyer()
    await shop.knows(group, seller, key, other)
    goods = await a_category(shop, "goods")
    secret = await a_category(shop, "secret", goods)
    await shows(shop, "category", secret.id, visible=False)
    await shows(shop, "category", secret.id, group, visible=True)

    for actor in (VISITOR, customer(other.id), agent(seller.id)):
        assert await names(shop, actor) == {"goods"}
        with pytest.raises(CategoryNotFound):
            await shop(get_category, GetCategory(id=secret.id), actor)
    for actor, asked in ((customer(key.id), {}), (KEEPER, {}), (agent(seller.id), {"customer_id": key.id})):
        assert await names(shop, actor, **asked) == {"goods", "secret"}
        assert (await shop(get_category, GetCategory(id=secret.id, **asked), actor)).code == "secret"
    with pytest.raises(CustomerNotFound):
        await names(shop, agent(seller.id), customer_id=other.id)


async def test_in_a_hidden_shop_the_way_to_what_is_shown_is_shown(shop: Shop) -> None:
    goods = await a_category(shop, "goods")
    seats = await a_category(shop, "seats", goods)
    await a_category(shop, "stools", seats)
    await a_category(shop, "lamps")
    await settled(shop, shop_visibility=ShopVisibility.HIDDEN)
    assert await names(shop, VISITOR) == set()

    await shows(shop, "category", seats.id, visible=True)

    assert await names(shop, VISITOR) == {"goods", "seats", "stools"}
    assert len(await names(shop, KEEPER)) == 4


async def test_visitors_of_a_shop_for_the_signed_in_are_told_of_no_category_but_read_its_texts(shop: Shop) -> None:
    seats = await a_category(shop, "seats")
    buyer = a_buyer()
    await shop.knows(buyer)
    await settled(shop, login_only=True)

    for handler, query in ((list_categories, ListCategories()), (get_category, GetCategory(id=seats.id))):
        with pytest.raises(LoginRequired):
            await shop(handler, query, VISITOR)
    assert await names(shop, customer(buyer.id)) == {"seats"}
    assert (await shop(list_content, ListContent(placement="login"), VISITOR)).items == []


async def test_pages_of_what_is_shown_are_full(shop: Shop) -> None:
    for number in range(4):
        view = await a_category(shop, f"c{number}")
        await shows(shop, "category", view.id, visible=number % 2 == 0)

    first = await shop(list_categories, ListCategories(limit=1), VISITOR)
    second = await shop(list_categories, ListCategories(limit=1, cursor=first.next), VISITOR)

    assert [page.items[0].code for page in (first, second)] == ["c2", "c0"]
    assert second.next is None
