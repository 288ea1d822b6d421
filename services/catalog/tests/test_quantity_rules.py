"""Quantity rules as those who keep the catalogue set, replace, list and delete them."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from services.catalog.domain.prices import PUBLIC, Viewer
from services.catalog.domain.quantities import Place, limits
from services.catalog.handlers.commands.categories import create_category
from services.catalog.handlers.commands.quantity_rules import delete_quantity_rule, set_quantity_rule
from services.catalog.handlers.queries.quantity_rules import list_quantity_rules
from services.catalog.repository import rules
from services.catalog.tests.dealing import rules_changed
from services.catalog.tests.samples import KEEPER, Shop, a_group
from shared.contracts.catalog.categories import CreateCategory
from shared.contracts.catalog.rules import (
    DeleteQuantityRule,
    ListQuantityRules,
    QtyRuleImpossible,
    QuantityRuleNotFound,
    QuantityRulesChanged,
    QuantityRuleView,
    RuleInvalid,
    SetQuantityRule,
)
from shared.kernel.ids import new_id
from shared.kernel.problems import PreconditionFailed, PreconditionRequired


async def sets(shop: Shop, scope: str, target_id: UUID | None = None, **said: Any) -> QuantityRuleView:
    asked = SetQuantityRule.model_validate({"scope": scope, "target_id": target_id} | said)
    rule: QuantityRuleView = await shop(set_quantity_rule, asked, KEEPER)
    return rule


async def test_a_rule_is_set_replaced_and_deleted(shop: Shop) -> None:
    chair = await shop.sells("chair")
    before = await rules_changed(shop)

    made = await sets(shop, "product", chair.id, min_qty=48, multiple=24)
    changed = await sets(shop, "product", chair.id, min_qty=24, expected_version=1)

    assert (made.min_qty, made.multiple, made.version) == (Decimal(48), Decimal(24), 1)
    assert (changed.id, changed.min_qty, changed.multiple, changed.version) == (made.id, Decimal(24), None, 2)
    assert await rules_changed(shop) == before + 2
    told = shop.emitted[-1]
    assert isinstance(told, QuantityRulesChanged)
    assert (told.rule.id, told.rule.version, told.rule.target_id, told.rule.removed) == (made.id, 2, chair.id, False)

    await shop(delete_quantity_rule, DeleteQuantityRule(id=made.id, expected_version=2), KEEPER)

    assert (await shop(list_quantity_rules, ListQuantityRules(), KEEPER)).items == []
    gone = shop.emitted[-1]
    assert isinstance(gone, QuantityRulesChanged)
    assert (gone.rule.version, gone.rule.removed) == (3, True)
    assert await rules_changed(shop) == before + 3


async def test_what_stands_is_replaced_only_by_who_has_read_it(shop: Shop) -> None:
    first = await sets(shop, "all", min_qty=2)

    assert await sets(shop, "all", min_qty=2) == first
    with pytest.raises(PreconditionRequired):
        await sets(shop, "all", min_qty=3)
    with pytest.raises(PreconditionFailed):
        await sets(shop, "all", min_qty=3, expected_version=2)
    with pytest.raises(PreconditionFailed):
        await shop(delete_quantity_rule, DeleteQuantityRule(id=first.id, expected_version=2), KEEPER)
    with pytest.raises(QuantityRuleNotFound):
        await shop(delete_quantity_rule, DeleteQuantityRule(id=new_id(), expected_version=1), KEEPER)


@pytest.mark.parametrize(
    ("said", "pointer", "code"),
    [
        ({"scope": "all"}, "", "RULE_EMPTY"),
        ({"scope": "all", "target_id": UUID(int=9), "min_qty": 1}, "/target_id", "ID_NOT_FITTING"),
        ({"scope": "product", "min_qty": 1}, "/target_id", "ID_MISSING"),
        ({"scope": "product", "target_id": PUBLIC, "min_qty": 1}, "/target_id", "ID_MISSING"),
        ({"scope": "product", "target_id": UUID(int=9), "min_qty": 1}, "/target_id", "PRODUCT_NOT_FOUND"),
        ({"scope": "variant", "target_id": UUID(int=9), "min_qty": 1}, "/target_id", "VARIANT_NOT_FOUND"),
        ({"scope": "category", "target_id": UUID(int=9), "min_qty": 1}, "/target_id", "CATEGORY_NOT_FOUND"),
        ({"scope": "all", "buyer_scope": "group", "min_qty": 1}, "/buyer_id", "ID_MISSING"),
        ({"scope": "all", "buyer_id": UUID(int=9), "min_qty": 1}, "/buyer_id", "ID_NOT_FITTING"),
        (
            {"scope": "all", "buyer_scope": "group", "buyer_id": UUID(int=9), "min_qty": 1},
            "/buyer_id",
            "GROUP_NOT_FOUND",
        ),
        ({"scope": "all", "period_qty": 5}, "/period_days", "PERIOD_NOT_WHOLE"),
        ({"scope": "all", "period_days": 5, "min_qty": 1}, "/period_qty", "PERIOD_NOT_WHOLE"),
        (
            {"scope": "variant", "target_id": UUID(int=9), "basis": "product", "min_qty": 1},
            "/basis",
            "BASIS_NOT_FITTING",
        ),
    ],
)
async def test_a_rule_that_makes_no_sense_is_refused(shop: Shop, said: dict[str, Any], pointer: str, code: str) -> None:
    before = await rules_changed(shop)

    with pytest.raises(RuleInvalid) as refused:
        await shop(set_quantity_rule, SetQuantityRule.model_validate(said), KEEPER)

    assert [(error.pointer, error.code) for error in refused.value.errors] == [(pointer, code)]
    assert await rules_changed(shop) == before
    assert (await shop(list_quantity_rules, ListQuantityRules(), KEEPER)).items == []


@pytest.mark.parametrize(
    "said",
    [{"min_qty": 6, "max_qty": 5}, {"max_qty": 5, "multiple": 6}, {"min_qty": 10, "max_qty": 11, "multiple": 4}],
)
async def test_a_rule_that_leaves_no_quantity_is_refused(shop: Shop, said: dict[str, int]) -> None:
    with pytest.raises(QtyRuleImpossible):
        await shop(set_quantity_rule, SetQuantityRule.model_validate({"scope": "all"} | said), KEEPER)

    assert (await shop(list_quantity_rules, ListQuantityRules(), KEEPER)).items == []


async def test_a_rule_is_held_against_those_it_stands_together_with(shop: Shop) -> None:
    """A maximum of the variant, a minimum of all goods: whichever comes second is refused, naming the first."""
    group = a_group()
    await shop.knows(group)
    seats = await shop(create_category, CreateCategory(code="seats", name="Seats"), KEEPER)
    chair = await shop.sells("chair", category_ids=[seats.id])
    other = await shop.sells("lamp")
    small = await sets(shop, "variant", chair.variants[0].id, max_qty=5)

    for scope, target_id in (("product", chair.id), ("category", seats.id), ("all", None)):
        with pytest.raises(QtyRuleImpossible) as refused:
            await sets(shop, scope, target_id, min_qty=6)
        assert refused.value.details["rules"] == [str(small.id)]
        with pytest.raises(QtyRuleImpossible):
            await sets(shop, scope, target_id, min_qty=6, buyer_scope="group", buyer_id=group.id)

    await sets(shop, "product", other.id, min_qty=6)
    await sets(shop, "category", seats.id, min_qty=5)
    with pytest.raises(QtyRuleImpossible):
        await sets(shop, "variant", chair.variants[0].id, max_qty=4, expected_version=1)


async def test_a_rule_that_lifts_another_is_not_deleted_while_it_is_needed(shop: Shop) -> None:
    chair = await shop.sells("chair")
    lifting = await sets(shop, "product", chair.id, min_qty=0)
    await sets(shop, "all", min_qty=10)
    await sets(shop, "variant", chair.variants[0].id, max_qty=5)

    with pytest.raises(QtyRuleImpossible):
        await shop(delete_quantity_rule, DeleteQuantityRule(id=lifting.id, expected_version=1), KEEPER)


async def test_rules_are_found_by_buyer_and_by_goods(shop: Shop) -> None:
    group = a_group()
    await shop.knows(group)
    chair = await shop.sells("chair")
    general = await sets(shop, "all", min_qty=2)
    theirs = await sets(shop, "product", chair.id, max_qty=9, buyer_scope="group", buyer_id=group.id)
    customers = await sets(shop, "product", chair.id, max_qty=9, buyer_scope="customer", buyer_id=new_id())

    async def found(**asked: Any) -> list[UUID]:
        page = await shop(list_quantity_rules, ListQuantityRules.model_validate(asked), KEEPER)
        return [rule.id for rule in page.items]

    assert set(await found()) == {general.id, theirs.id, customers.id}
    assert await found(buyer_id=group.id) == [theirs.id]
    assert await found(buyer_scope="everyone") == [general.id]
    assert set(await found(target_id=chair.id)) == {theirs.id, customers.id}
    assert await found(scope="all") == [general.id]


async def test_rules_come_as_facts_for_whom_they_are_asked(shop: Shop) -> None:
    chair = await shop.sells("chair")
    customer_id, stranger = new_id(), new_id()
    await sets(shop, "all", min_qty=2, period_qty=10, period_days=7)
    await sets(shop, "product", chair.id, min_qty=3, buyer_scope="customer", buyer_id=customer_id)
    await sets(shop, "product", chair.id, min_qty=4, buyer_scope="customer", buyer_id=stranger)
    work = shop.work_as(KEEPER)

    facts = await rules.quantity_rules_for(work.session, [customer_id, PUBLIC], [chair.id, PUBLIC])
    await work.session.close()

    found = limits(facts, Viewer(customer_id=customer_id), Place(chair.variants[0].id, chair.id))
    assert len(facts) == 2
    assert found.min is not None
    assert found.period is not None
    assert (found.min.value, found.period.value, found.period.days) == (Decimal(3), Decimal(10), 7)
