"""Goods that are deleted leave no rule that names them, and no answer about other goods is another than before."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers.commands.categories import delete_category
from services.catalog.handlers.commands.links import set_product_links
from services.catalog.handlers.commands.products import change_product
from services.catalog.handlers.commands.variants import add_variant, delete_variant
from services.catalog.handlers.queries.price_lists import get_price_list
from services.catalog.handlers.queries.promotions import get_promotion
from services.catalog.handlers.queries.storefront import list_products
from services.catalog.tests.dealing import EVERYONE, a_category, agreed, limits, off, row, rules_changed, shows, to
from services.catalog.tests.promoting import NOON, promoted
from services.catalog.tests.samples import KEEPER, Shop, a_buyer, a_group, eur
from services.catalog.tests.test_deleting import deleted
from shared.contracts.actor import VISITOR
from shared.contracts.catalog.categories import DeleteCategory
from shared.contracts.catalog.links import LinkKind, SetProductLinks
from shared.contracts.catalog.price_lists import GetPriceList, PriceListChanged, PriceListView, Scope
from shared.contracts.catalog.products import ChangeProduct, ProductChanged, ProductDeleted, ProductSheet
from shared.contracts.catalog.promotions import GetPromotion, PromotionChanged, PromotionView
from shared.contracts.catalog.rules import QuantityRulesChanged
from shared.contracts.catalog.storefront import ListProducts
from shared.contracts.catalog.variants import AddVariant, DeleteVariant
from shared.contracts.catalog.visibility import VisibilityChanged
from shared.testing import customer

NAMED = """
    SELECT target_id FROM price_rows UNION SELECT target_id FROM visibility_rules
    UNION SELECT target_id FROM quantity_rules UNION SELECT unnest(target_ids) FROM promotions
"""


async def named(connection: AsyncConnection) -> set[Any]:
    return set(await connection.scalars(text(NAMED)))


async def versions(shop: Shop, view: PriceListView) -> int:
    return int((await shop(get_price_list, GetPriceList(id=view.id), KEEPER)).version)


async def promotion(shop: Shop, view: PromotionView) -> PromotionView:
    found: PromotionView = await shop(get_promotion, GetPromotion(id=view.id), KEEPER)
    return found


async def pages(shop: Shop, *callers: Any) -> list[str]:
    """Return what each caller is shown of every product, to the letter."""
    return [(await shop(list_products, ListProducts(), who, as_of=NOON)).model_dump_json() for who in callers]


async def test_a_deleted_product_is_named_nowhere_and_nobody_is_told_otherwise_of_other_goods(
    shop: Shop, connection: AsyncConnection
) -> None:
    dealers, closed = a_group("dealers"), a_group("closed")
    ann, bob, carl = a_buyer(dealers.id), a_buyer(closed.id), a_buyer()
    await shop.knows(dealers, closed, ann, bob, carl)
    seats = await a_category(shop, "seats")
    table = await shop.sells("table", category_ids=[seats.id])
    hidden = await shop.sells("hidden", category_ids=[seats.id])
    await shows(shop, "product", hidden.id, visible=False)
    await shows(shop, "product", hidden.id, dealers, visible=True)
    await limits(shop, "product", table.id, min_qty=2)
    await agreed(shop, to(dealers), row("60", "table"))
    callers = (VISITOR, customer(ann.id), customer(bob.id))
    before = await pages(shop, *callers)
    standing = await named(connection)
    chair = await shop.sells("chair", category_ids=[seats.id])
    await shows(shop, "product", chair.id, visible=False)
    await shows(shop, "product", chair.id, dealers, visible=True)
    await limits(shop, "product", chair.id, min_qty=3)
    await limits(shop, "variant", chair.variants[0].id, multiple=2)
    only = await agreed(shop, to(dealers), row("1", "chair"), off("90", "chair", Scope.PRODUCT))
    both = await agreed(shop, to(carl), row("2", "chair"), row("90", "table"))
    alone = await promoted(shop, code="alone", value=50, scope=Scope.PRODUCT, targets=["chair"])
    asked, first = await rules_changed(shop), len(shop.emitted)

    await deleted(shop, chair)

    assert await named(connection) == standing
    assert await rules_changed(shop) == asked + 1
    assert [await versions(shop, one) for one in (only, both)] == [only.version + 1, both.version + 1]
    assert await pages(shop, *callers) == before
    ended = await promotion(shop, alone)
    assert (ended.enabled, ended.targets, ended.scope, ended.version) == (False, [], Scope.PRODUCT, 2)
    told = shop.emitted[first:]
    assert [type(one) for one in told].count(PriceListChanged) == 2
    seen = [one.rule for one in told if isinstance(one, VisibilityChanged)]
    limited = [one.rule for one in told if isinstance(one, QuantityRulesChanged)]
    assert [(rule.version, rule.removed) for rule in (*seen, *limited)] == [(2, True)] * 4
    (reduced,) = (one.promotion for one in told if isinstance(one, PromotionChanged))
    assert (reduced.id, reduced.version, reduced.enabled) == (alone.id, 2, False)
    assert sum(isinstance(one, ProductDeleted) for one in told) == 1


async def test_a_promotion_goes_on_for_what_else_it_names(shop: Shop) -> None:
    chair, _ = await shop.sells("chair"), await shop.sells("table")
    sale = await promoted(shop, scope=Scope.PRODUCT, targets=["chair", "table"])

    await deleted(shop, chair)

    left = await promotion(shop, sale)
    assert (left.enabled, left.targets, left.version) == (True, ["table"], 2)


async def test_a_promotion_or_list_for_a_deleted_category_never_comes_to_be_for_everything(
    shop: Shop, connection: AsyncConnection
) -> None:
    dealers = a_group("dealers")
    ann = a_buyer(dealers.id)
    await shop.knows(dealers, ann)
    seats = await a_category(shop, "seats")
    await shop.sells("table")
    callers = (VISITOR, customer(ann.id))
    before = await pages(shop, *callers)
    sale = await promoted(shop, value=50, scope=Scope.CATEGORY, targets=["seats"])
    listed = await agreed(shop, to(dealers), off("50", "seats", Scope.CATEGORY))
    await shows(shop, "category", seats.id, dealers, visible=True)
    await limits(shop, "category", seats.id, min_qty=5)

    await shop(delete_category, DeleteCategory(id=seats.id, expected_version=1), KEEPER)

    assert await named(connection) == set()
    assert await pages(shop, *callers) == before
    assert (await promotion(shop, sale)).enabled is False
    assert await versions(shop, listed) == listed.version + 1


async def test_an_allow_for_a_category_that_goes_opens_nothing_that_was_closed(shop: Shop) -> None:
    seats, wood = await a_category(shop, "seats"), await a_category(shop, "wood")
    chair = await shop.sells("chair", category_ids=[seats.id, wood.id])
    await shows(shop, "category", seats.id, visible=True)
    await shows(shop, "category", wood.id, visible=False)
    moved = ChangeProduct(id=chair.id, expected_version=1, category_ids=[wood.id])
    await shop(change_product, moved, KEEPER)
    before = await pages(shop, VISITOR)

    await shop(delete_category, DeleteCategory(id=seats.id, expected_version=1), KEEPER)

    assert await pages(shop, VISITOR) == before
    assert (await shop(list_products, ListProducts(), VISITOR)).items == []


async def test_a_deleted_variant_takes_its_own_rules_and_leaves_those_of_its_product(
    shop: Shop, connection: AsyncConnection
) -> None:
    chair = await shop.sells("chair")
    wide: ProductSheet = await shop(add_variant, AddVariant(id=chair.id, sku="wide", base_price=eur("5")), KEEPER)
    await limits(shop, "variant", wide.variants[1].id, min_qty=3)
    await limits(shop, "product", chair.id, min_qty=2)
    listed = await agreed(shop, [EVERYONE], row("4", "wide"), row("4", "chair"))
    sale = await promoted(shop, targets=["wide", "chair"])

    gone = DeleteVariant(id=chair.id, variant_id=wide.variants[1].id, expected_version=2)
    await shop(delete_variant, gone, KEEPER)

    assert await named(connection) == {chair.id, chair.variants[0].id}
    assert (await promotion(shop, sale)).targets == ["chair"]
    assert await versions(shop, listed) == listed.version + 1


async def test_what_no_rule_names_goes_without_a_word_about_rules(shop: Shop) -> None:
    chair = await shop.sells("chair")
    asked, first = await rules_changed(shop), len(shop.emitted)

    await deleted(shop, chair)

    assert await rules_changed(shop) == asked
    assert [type(one) for one in shop.emitted[first:]] == [ProductDeleted]


async def test_products_that_led_to_a_deleted_one_are_told_to_have_changed(shop: Shop) -> None:
    chair, table = await shop.sells("chair"), await shop.sells("table")
    links = SetProductLinks(id=table.id, link_kind=LinkKind.ACCESSORY, expected_version=1, product_ids=[chair.id])
    await shop(set_product_links, links, KEEPER)

    await deleted(shop, chair)

    told = shop.emitted[-1]
    assert isinstance(told, ProductChanged)
    assert (told.product.id, told.product.version) == (table.id, 3)


async def test_deleting_takes_as_many_statements_however_many_rules_name_the_goods(
    shop: Shop, statements: list[str]
) -> None:
    taken = []
    for rules in (1, 20):
        chair = await shop.sells("chair")
        for number in range(rules):
            await agreed(shop, [EVERYONE], row("4", "chair"))
            await promoted(shop, code=f"sale-{rules}-{number}", targets=["chair"])
        statements.clear()
        await deleted(shop, chair)
        taken.append(len(statements))

    assert taken[0] == taken[1]
