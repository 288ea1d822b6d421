"""Promotions: made, changed, deleted before they begin; refused where they contradict themselves."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.catalog.handlers.commands.promotions import change_promotion, create_promotion, delete_promotion
from services.catalog.handlers.queries.promotions import get_promotion, list_promotions
from services.catalog.tests.dealing import rules_changed
from services.catalog.tests.promoting import NOON, changed, promoted
from services.catalog.tests.samples import KEEPER, Shop
from shared.contracts.catalog.price_lists import AdjustmentKind, Scope
from shared.contracts.catalog.promotions import (
    ChangePromotion,
    CreatePromotion,
    DeletePromotion,
    GetPromotion,
    ListPromotions,
    PromotionChanged,
    PromotionCodeTaken,
    PromotionCreated,
    PromotionDeleted,
    PromotionHasBegun,
    PromotionInvalid,
    PromotionNotFound,
)
from shared.kernel.ids import new_id
from shared.kernel.problems import PreconditionFailed

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
async def goods(shop: Shop) -> None:
    """Chairs and tables."""
    await shop.sells("chair")
    await shop.sells("table")


async def listed(shop: Shop, **query: Any) -> list[str]:
    page = await shop(list_promotions, ListPromotions(**query), KEEPER, as_of=NOON)
    return [view.code for view in page.items]


async def test_a_promotion_is_read_as_it_was_answered_and_raises_the_rule_book(shop: Shop) -> None:
    before = await rules_changed(shop)
    view = await promoted(shop, targets=["table", "chair", "chair"], markets=["fr", "be", "fr"], ends_at=NOON + DAY)

    assert (view.targets, view.markets, str(view.value), view.version) == (["chair", "table"], ["be", "fr"], "20", 1)
    assert await shop(get_promotion, GetPromotion(id=view.id), KEEPER) == view
    assert isinstance(shop.emitted[-1], PromotionCreated)
    assert await rules_changed(shop) == before + 1


async def test_the_same_request_makes_one_promotion_and_a_code_is_one_promotions(shop: Shop) -> None:
    command = CreatePromotion(
        code="sale", name="Sale", kind=AdjustmentKind.AMOUNT_OFF, value=Decimal("1.5"), currency="EUR", scope=Scope.ALL
    )
    first = await shop(create_promotion, command, KEEPER, request_key="k")
    again = await shop(create_promotion, command, KEEPER, request_key="k")

    assert (first, str(first.value), await listed(shop)) == (again, "1.50", ["sale"])
    with pytest.raises(PromotionCodeTaken):
        await shop(create_promotion, command, KEEPER)


async def test_a_change_replaces_all_but_the_code(shop: Shop) -> None:
    view = await promoted(shop)
    before = await rules_changed(shop)
    given = {"name": "New", "kind": AdjustmentKind.AMOUNT_OFF, "value": Decimal("2.50"), "currency": "EUR"}
    after = await changed(shop, view, NOON, **given, scope=Scope.PRODUCT, targets=["table"], enabled=False, priority=4)

    assert (after.code, after.name, str(after.value), after.targets, after.version) == (
        "summer",
        "New",
        "2.50",
        ["table"],
        2,
    )
    assert await shop(get_promotion, GetPromotion(id=view.id), KEEPER) == after
    assert isinstance(shop.emitted[-1], PromotionChanged)
    assert await rules_changed(shop) == before + 1
    with pytest.raises(PreconditionFailed):
        await changed(shop, view, NOON)


BAD: list[tuple[dict[str, Any], str]] = [
    ({"kind": AdjustmentKind.FIXED}, "/kind"),
    ({"value": Decimal("100.5")}, "/value"),
    ({"value": Decimal("-1")}, "/value"),
    ({"currency": "EUR"}, "/currency"),
    ({"kind": AdjustmentKind.AMOUNT_OFF}, "/currency"),
    ({"kind": AdjustmentKind.AMOUNT_OFF, "currency": "EUR", "value": Decimal("0.00001")}, "/value"),
    ({"starts_at": NOON, "ends_at": NOON - DAY}, "/ends_at"),
    ({"targets": []}, "/targets"),
    ({"scope": Scope.ALL}, "/targets"),
    ({"targets": ["chair", "none"]}, "/targets/1"),
    ({"scope": Scope.CATEGORY}, "/targets/0"),
]


@pytest.mark.parametrize(("given", "pointer"), BAD)
async def test_a_promotion_that_contradicts_itself_is_refused(shop: Shop, given: dict[str, Any], pointer: str) -> None:
    with pytest.raises(PromotionInvalid) as refused:
        await promoted(shop, **given)
    assert [error.pointer for error in refused.value.errors] == [pointer]
    view = await promoted(shop)
    with pytest.raises(PromotionInvalid):
        await changed(shop, view, NOON, **given)
    assert await shop(get_promotion, GetPromotion(id=view.id), KEEPER) == view


@pytest.mark.parametrize(
    ("given", "deleted"),
    [
        ({}, False),
        ({"starts_at": NOON + DAY}, True),
        ({"starts_at": NOON - DAY}, False),
        ({"enabled": False}, True),
        ({"starts_at": NOON - 2 * DAY, "ends_at": NOON - DAY}, False),
    ],
)
async def test_only_what_never_began_is_deleted(shop: Shop, given: dict[str, Any], deleted: bool) -> None:
    view = await promoted(shop, **given)
    command = DeletePromotion(id=view.id, expected_version=1)

    if deleted:
        assert (await shop(delete_promotion, command, KEEPER, as_of=NOON)).id == view.id
        assert isinstance(shop.emitted[-1], PromotionDeleted)
    else:
        with pytest.raises(PromotionHasBegun):
            await shop(delete_promotion, command, KEEPER, as_of=NOON)
    assert await listed(shop) == ([] if deleted else ["summer"])


async def test_one_that_was_disabled_after_it_began_is_kept(shop: Shop) -> None:
    view = await changed(shop, await promoted(shop), NOON, enabled=False)
    with pytest.raises(PromotionHasBegun):
        await shop(delete_promotion, DeletePromotion(id=view.id, expected_version=2), KEEPER, as_of=NOON)


async def test_promotions_are_listed_by_what_they_are_now(shop: Shop) -> None:
    await promoted(shop, code="past", ends_at=NOON)
    await promoted(shop, code="now", starts_at=NOON, enabled=False)
    await promoted(shop, code="coming", starts_at=NOON + DAY)

    assert await listed(shop) == ["coming", "now", "past"]
    assert (await listed(shop, in_force=True), await listed(shop, in_force=False)) == (["now"], ["coming", "past"])
    assert (await listed(shop, enabled=False), await listed(shop, enabled=True)) == (["now"], ["coming", "past"])


async def test_what_there_is_not_is_not_found(shop: Shop) -> None:
    view = await promoted(shop)
    for handler, message in (
        (get_promotion, GetPromotion(id=new_id())),
        (delete_promotion, DeletePromotion(id=new_id(), expected_version=1)),
        (
            change_promotion,
            ChangePromotion(
                expected_version=1,
                **view.model_dump(include=ChangePromotion.model_fields.keys() - {"id", "expected_version"}),
                id=new_id(),
            ),
        ),
    ):
        with pytest.raises(PromotionNotFound):
            await shop(handler, message, KEEPER)
