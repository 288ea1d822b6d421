"""Visibility rules and access lists as those who keep the catalogue set, replace, list and delete them."""

from typing import Any
from uuid import UUID

import pytest

from services.catalog.domain.prices import PUBLIC, Viewer
from services.catalog.domain.visibility import decide
from services.catalog.handlers.commands.visibility import (
    delete_access_list,
    delete_visibility_rule,
    put_access_list,
    set_visibility_rule,
)
from services.catalog.handlers.queries.visibility import get_access_list, list_visibility_rules
from services.catalog.repository import rules
from services.catalog.tests.dealing import a_category, rules_changed
from services.catalog.tests.samples import KEEPER, Shop, a_group
from shared.contracts.catalog.products import ProductNotFound
from shared.contracts.catalog.rules import RuleInvalid
from shared.contracts.catalog.visibility import (
    AccessListNotFound,
    AccessListView,
    DeleteAccessList,
    DeleteVisibilityRule,
    GetAccessList,
    ListVisibilityRules,
    PutAccessList,
    SetVisibilityRule,
    VisibilityChanged,
    VisibilityRuleNotFound,
    VisibilityRuleView,
)
from shared.kernel.ids import new_id
from shared.kernel.problems import PreconditionFailed, PreconditionRequired


async def sets(shop: Shop, scope: str, target_id: UUID, visible: bool, **said: Any) -> VisibilityRuleView:
    given = {"buyer_scope": "everyone", "scope": scope, "target_id": target_id, "visible": visible}
    rule: VisibilityRuleView = await shop(set_visibility_rule, SetVisibilityRule.model_validate(given | said), KEEPER)
    return rule


async def found(shop: Shop, **asked: Any) -> set[UUID]:
    page = await shop(list_visibility_rules, ListVisibilityRules.model_validate(asked), KEEPER)
    return {rule.id for rule in page.items}


async def test_a_rule_is_set_replaced_and_deleted(shop: Shop) -> None:
    chair = await shop.sells("chair")
    before = await rules_changed(shop)

    made = await sets(shop, "product", chair.id, visible=False)
    assert await sets(shop, "product", chair.id, visible=False) == made
    with pytest.raises(PreconditionRequired):
        await sets(shop, "product", chair.id, visible=True)
    with pytest.raises(PreconditionFailed):
        await sets(shop, "product", chair.id, visible=True, expected_version=2)
    changed = await sets(shop, "product", chair.id, visible=True, expected_version=1)
    with pytest.raises(PreconditionFailed):
        await shop(delete_visibility_rule, DeleteVisibilityRule(id=made.id, expected_version=1), KEEPER)
    await shop(delete_visibility_rule, DeleteVisibilityRule(id=made.id, expected_version=2), KEEPER)
    with pytest.raises(VisibilityRuleNotFound):
        await shop(delete_visibility_rule, DeleteVisibilityRule(id=made.id, expected_version=3), KEEPER)

    assert (made.version, changed.version, changed.id, changed.visible) == (1, 2, made.id, True)
    assert await rules_changed(shop) > before
    told = [event for event in shop.emitted if isinstance(event, VisibilityChanged)]
    assert [(event.rule.version, event.rule.removed) for event in told] == [(1, False), (2, False), (3, True)]


@pytest.mark.parametrize(
    ("said", "pointer", "code"),
    [
        ({"buyer_scope": "company", "buyer_id": UUID(int=9)}, "/buyer_scope", "SCOPE_NOT_FITTING"),
        ({"buyer_scope": "customer"}, "/buyer_id", "ID_MISSING"),
        ({"buyer_id": UUID(int=9)}, "/buyer_id", "ID_NOT_FITTING"),
        ({"buyer_scope": "group", "buyer_id": UUID(int=9)}, "/buyer_id", "GROUP_NOT_FOUND"),
        ({"scope": "variant"}, "/scope", "SCOPE_NOT_FITTING"),
        ({"scope": "all"}, "/scope", "SCOPE_NOT_FITTING"),
        ({"target_id": UUID(int=9)}, "/target_id", "PRODUCT_NOT_FOUND"),
        ({"scope": "category", "target_id": UUID(int=9)}, "/target_id", "CATEGORY_NOT_FOUND"),
    ],
)
async def test_a_rule_that_makes_no_sense_is_refused(shop: Shop, said: dict[str, Any], pointer: str, code: str) -> None:
    chair = await shop.sells("chair")
    before = await rules_changed(shop)
    given = {"buyer_scope": "everyone", "scope": "product", "target_id": chair.id, "visible": True}

    with pytest.raises(RuleInvalid) as refused:
        await shop(set_visibility_rule, SetVisibilityRule.model_validate(given | said), KEEPER)

    assert [(error.pointer, error.code) for error in refused.value.errors] == [(pointer, code)]
    assert (await found(shop), await rules_changed(shop)) == (set(), before)


async def test_who_sees_a_product_is_told_by_all_rules_above_it(shop: Shop) -> None:
    group = a_group()
    await shop.knows(group)
    furniture = await a_category(shop, "furniture")
    seats = await a_category(shop, "seats", furniture)
    garden = await a_category(shop, "garden")
    chair = await shop.sells("chair", category_ids=[seats.id])
    far = await sets(shop, "category", furniture.id, visible=False)
    near = await sets(shop, "category", seats.id, visible=True, buyer_scope="group", buyer_id=group.id)
    own = await sets(shop, "product", chair.id, visible=True, buyer_scope="customer", buyer_id=new_id())
    other = await sets(shop, "category", garden.id, visible=False)

    assert await found(shop, product_id=chair.id) == {far.id, near.id, own.id}
    assert await found(shop, target_id=garden.id) == {other.id}
    assert await found(shop, buyer_id=group.id) == {near.id}
    assert await found(shop, buyer_scope="everyone") == {far.id, other.id}
    assert await found(shop, scope="product") == {own.id}


async def lists(shop: Shop, product_id: UUID, **said: Any) -> AccessListView:
    view: AccessListView = await shop(put_access_list, PutAccessList(id=product_id, **said), KEEPER)
    return view


async def test_ca11_a_product_is_seen_by_those_listed_and_nobody_else(shop: Shop) -> None:
    dealers, others = a_group("dealers"), a_group("others")
    await shop.knows(dealers, others)
    chair, ann, bob = await shop.sells("chair"), new_id(), new_id()

    made = await lists(shop, chair.id, customer_ids=[ann], group_ids=[dealers.id])

    assert (made.restricted, made.customer_ids, made.group_ids, made.version) == (True, [ann], [dealers.id], 1)
    assert await shop(get_access_list, GetAccessList(id=chair.id), KEEPER) == made
    work = shop.work_as(KEEPER)
    told = await rules.visibility_rules_for(work.session, [ann, bob, dealers.id, others.id, PUBLIC], [chair.id])
    await work.session.close()
    seen = {
        name: decide(chair.id, [], told, viewer).visible
        for name, viewer in {
            "ann": Viewer(customer_id=ann),
            "bob": Viewer(customer_id=bob, group_ids=frozenset({others.id})),
            "a dealer": Viewer(customer_id=bob, group_ids=frozenset({others.id, dealers.id})),
            "a visitor": Viewer(),
        }.items()
    }
    assert seen == {"ann": True, "bob": False, "a dealer": True, "a visitor": False}


async def test_a_list_takes_the_place_of_all_rules_about_the_product(shop: Shop) -> None:
    dealers, others = a_group("dealers"), a_group("others")
    await shop.knows(dealers, others)
    chair, ann, bob = await shop.sells("chair"), new_id(), new_id()
    await sets(shop, "product", chair.id, visible=False, buyer_scope="customer", buyer_id=ann)
    await lists(shop, chair.id, customer_ids=[bob], group_ids=[others.id])

    wanted: dict[str, Any] = {"customer_ids": [ann, ann], "group_ids": [dealers.id]}
    with pytest.raises(PreconditionRequired):
        await lists(shop, chair.id, **wanted)
    with pytest.raises(PreconditionFailed):
        await lists(shop, chair.id, expected_version=2, **wanted)
    changed = await lists(shop, chair.id, expected_version=1, **wanted)

    assert (changed.customer_ids, changed.group_ids, changed.version) == ([ann], [dealers.id], 2)
    assert await lists(shop, chair.id, **wanted) == changed
    assert len(await found(shop, target_id=chair.id)) == 3
    told = shop.emitted[-1]
    assert isinstance(told, VisibilityChanged)
    assert (told.rule.target_id, told.rule.version) == (chair.id, 2)


async def test_a_list_is_lifted(shop: Shop) -> None:
    chair, ann = await shop.sells("chair"), new_id()
    await lists(shop, chair.id, customer_ids=[ann])

    with pytest.raises(PreconditionFailed):
        await shop(delete_access_list, DeleteAccessList(id=chair.id, expected_version=2), KEEPER)
    await shop(delete_access_list, DeleteAccessList(id=chair.id, expected_version=1), KEEPER)

    open_to_all = await shop(get_access_list, GetAccessList(id=chair.id), KEEPER)
    assert (open_to_all.restricted, open_to_all.customer_ids, open_to_all.version) == (False, [], 0)
    assert await found(shop) == set()
    with pytest.raises(AccessListNotFound):
        await shop(delete_access_list, DeleteAccessList(id=chair.id, expected_version=2), KEEPER)


async def test_a_list_of_nobody_and_of_unknown_groups_is_refused(shop: Shop) -> None:
    chair = await shop.sells("chair")

    with pytest.raises(RuleInvalid) as refused:
        await lists(shop, chair.id)
    assert [(error.pointer, error.code) for error in refused.value.errors] == [("/group_ids", "LIST_EMPTY")]
    with pytest.raises(RuleInvalid) as refused:
        await lists(shop, chair.id, group_ids=[new_id()])
    assert [(error.pointer, error.code) for error in refused.value.errors] == [("/group_ids/0", "GROUP_NOT_FOUND")]
    with pytest.raises(ProductNotFound):
        await lists(shop, new_id(), customer_ids=[new_id()])
    with pytest.raises(ProductNotFound):
        await shop(get_access_list, GetAccessList(id=new_id()), KEEPER)
    assert await found(shop) == set()
