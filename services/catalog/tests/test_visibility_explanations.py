"""Staff, and agents of their own customers, ask why somebody does or does not see and buy a product."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from services.catalog.handlers.commands.categories import create_category
from services.catalog.handlers.commands.products import change_product
from services.catalog.handlers.commands.quantity_rules import set_quantity_rule
from services.catalog.handlers.commands.visibility import set_visibility_rule
from services.catalog.handlers.queries.storefront import get_product
from services.catalog.handlers.queries.visibility import explain_visibility
from services.catalog.tests.samples import KEEPER, Shop, a_buyer, a_group, a_seller
from shared.contracts.actor import VISITOR, Actor, Permission
from shared.contracts.catalog.categories import CreateCategory
from shared.contracts.catalog.price_lists import Scope
from shared.contracts.catalog.prices import VariantNotFound
from shared.contracts.catalog.products import ChangeProduct, ProductNotFound, ProductStatus
from shared.contracts.catalog.rules import BuyerScope, SetQuantityRule
from shared.contracts.catalog.storefront import GetProduct
from shared.contracts.catalog.visibility import ExplainVisibility, SetVisibilityRule, VisibilityExplanation
from shared.contracts.customers.customers import CustomerNotFound, CustomerSnapshot, CustomerStatus
from shared.kernel.ids import new_id
from shared.kernel.problems import Forbidden
from shared.testing import agent, customer, staff

CLERK = staff(Permission.CATALOG_READ, Permission.CUSTOMERS_READ)


async def why(shop: Shop, product_id: UUID, actor: Actor = CLERK, **asked: Any) -> VisibilityExplanation:
    found: VisibilityExplanation = await shop(
        explain_visibility, ExplainVisibility.model_validate({"id": product_id} | asked), actor
    )
    return found


async def rules(shop: Shop, buyer_id: UUID | None, scope: str, target_id: UUID, visible: bool, who: str) -> UUID:
    said = {"buyer_scope": who, "buyer_id": buyer_id, "scope": scope, "target_id": target_id, "visible": visible}
    rule_id: UUID = (await shop(set_visibility_rule, SetVisibilityRule.model_validate(said), KEEPER)).id
    return rule_id


async def sees(shop: Shop, product_id: UUID, actor: Actor) -> bool:
    """Tell whether the shop shows a product to somebody."""
    try:
        await shop(get_product, GetProduct(id=product_id), actor)
    except ProductNotFound:
        return False
    return True


async def test_a_product_that_is_there_for_all_can_be_bought(shop: Shop) -> None:
    buyer = a_buyer()
    await shop.knows(buyer)
    chair = await shop.sells("chair", on_hand=5)

    found = await why(shop, chair.id, customer_id=buyer.id)

    assert (found.visible, found.buyable, found.reasons, found.level) == (True, ["chair"], [], "shop")
    assert (found.product_id, found.customer_id) == (chair.id, buyer.id)


async def test_a_visitor_is_explained_as_a_visitor_whoever_asks(shop: Shop) -> None:
    visitors = a_group("visitor")
    await shop.knows(visitors)
    chair = await shop.sells("chair", on_hand=5)
    rule = await rules(shop, visitors.id, "product", chair.id, visible=False, who="group")

    found = await why(shop, chair.id)

    assert (found.visible, found.level, found.rule) == (False, "group", rule)
    assert [reason.code for reason in found.reasons] == ["DENIED_BY_RULE", "NO_CUSTOMER"]
    assert not await sees(shop, chair.id, VISITOR)


async def test_a_customers_own_rule_is_named_before_their_groups(shop: Shop) -> None:
    group = a_group()
    buyer = a_buyer(group.id)
    await shop.knows(group, buyer)
    chair = await shop.sells("chair", on_hand=5)
    await rules(shop, group.id, "product", chair.id, visible=True, who="group")
    own = await rules(shop, buyer.id, "product", chair.id, visible=False, who="customer")

    found = await why(shop, chair.id, customer_id=buyer.id)

    assert (found.visible, found.level, found.rule) == (False, "customer", own)
    assert not await sees(shop, chair.id, customer(buyer.id))


async def test_what_keeps_a_customer_from_buying_is_told_together(shop: Shop) -> None:
    buyer = a_buyer(status=CustomerStatus.SUSPENDED)
    await shop.knows(buyer)
    chair = await shop.sells("chair")
    await shop(
        change_product, ChangeProduct(id=chair.id, expected_version=1, status=ProductStatus.DISCONTINUED), KEEPER
    )

    found = await why(shop, chair.id, customer_id=buyer.id, currency="USD")

    assert [reason.code for reason in found.reasons] == [
        "PRODUCT_DISCONTINUED",
        "CUSTOMER_SUSPENDED",
        "PRICE_UNAVAILABLE",
        "OUT_OF_STOCK",
    ]


async def test_a_minimum_above_what_is_left_keeps_from_buying(shop: Shop) -> None:
    buyer = a_buyer()
    await shop.knows(buyer)
    chair = await shop.sells("chair", on_hand=5)
    at_least_six = SetQuantityRule(scope=Scope.PRODUCT, target_id=chair.id, min_qty=Decimal(6))
    await shop(set_quantity_rule, at_least_six, KEEPER)

    found = await why(shop, chair.id, customer_id=buyer.id)

    assert (found.visible, found.buyable) == (True, [])
    assert [(reason.code, reason.sku) for reason in found.reasons] == [("OUT_OF_STOCK", "chair")]


async def test_one_variant_alone_is_explained(shop: Shop) -> None:
    chair = await shop.sells("chair", on_hand=5)
    await shop.sells("lamp")

    assert (await why(shop, chair.id, sku="chair")).reasons[0].code == "NO_CUSTOMER"
    with pytest.raises(VariantNotFound):
        await why(shop, chair.id, sku="lamp")
    with pytest.raises(ProductNotFound):
        await why(shop, new_id())


async def test_agents_ask_for_their_own_customers_and_customers_for_nobody(shop: Shop) -> None:
    seller = a_seller()
    mine, theirs = a_buyer(agent_id=seller.id), a_buyer(agent_id=new_id())
    await shop.knows(seller, mine, theirs)
    chair = await shop.sells("chair", on_hand=5)

    assert (await why(shop, chair.id, agent(seller.id), customer_id=mine.id)).buyable == ["chair"]
    with pytest.raises(CustomerNotFound):
        await why(shop, chair.id, agent(seller.id), customer_id=theirs.id)
    with pytest.raises(Forbidden):
        await why(shop, chair.id, customer(mine.id), customer_id=mine.id)


SAID = [
    ("customer", "category", False),
    ("customer", "product", True),
    ("group", "parent", False),
    ("group", "category", True),
    ("other group", "category", False),
    ("visitors", "product", False),
    ("everyone", "product", False),
    ("everyone", "parent", True),
]


@pytest.mark.parametrize("start", range(len(SAID)))
@pytest.mark.parametrize("stop", range(len(SAID), 0, -3))
async def test_the_shop_shows_what_the_explanation_says(shop: Shop, start: int, stop: int) -> None:
    """The statement that filters products and the rule that explains them are two: they agree on every mixture."""
    group, other, visitors = a_group("dealers"), a_group("others"), a_group("visitor")
    buyers: list[CustomerSnapshot] = [
        a_buyer(group.id),
        a_buyer(group.id, other.id),
        a_buyer(),
        a_buyer(group.id, status=CustomerStatus.PENDING),
    ]
    await shop.knows(group, other, visitors, *buyers)
    parent = await shop(create_category, CreateCategory(code="furniture", name="Furniture"), KEEPER)
    seats = await shop(create_category, CreateCategory(code="seats", name="Seats", parent_id=parent.id), KEEPER)
    chair = await shop.sells("chair", category_ids=[seats.id])
    targets = {"product": chair.id, "category": seats.id, "parent": parent.id}
    named = {"customer": buyers[0].id, "group": group.id, "other group": other.id, "visitors": visitors.id}
    for who, what, visible in SAID[start:stop]:
        kind = who if who in ("customer", "everyone") else BuyerScope.GROUP
        scope = "product" if what == "product" else "category"
        await rules(shop, named.get(who), scope, targets[what], visible=visible, who=kind)

    for buyer in buyers:
        found = await why(shop, chair.id, customer_id=buyer.id)
        assert found.visible is await sees(shop, chair.id, customer(buyer.id)), buyer.group_ids
    assert (await why(shop, chair.id)).visible is await sees(shop, chair.id, VISITOR)
