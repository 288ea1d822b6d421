"""Two who set the same rule at the same moment: one is first, the other hears of it."""

import asyncio
from collections.abc import Awaitable
from decimal import Decimal
from typing import Any

from services.catalog.handlers.commands.group_terms import set_group_terms
from services.catalog.handlers.commands.quantity_rules import set_quantity_rule
from services.catalog.handlers.commands.visibility import put_access_list, set_visibility_rule
from services.catalog.handlers.queries.quantity_rules import list_quantity_rules
from services.catalog.handlers.queries.visibility import list_visibility_rules
from services.catalog.tests.samples import KEEPER, CommittedShop, a_group
from shared.contracts.catalog.group_terms import SetGroupTerms
from shared.contracts.catalog.price_lists import Scope
from shared.contracts.catalog.rules import BuyerScope, ListQuantityRules, QtyRuleImpossible, SetQuantityRule
from shared.contracts.catalog.visibility import ListVisibilityRules, PutAccessList, SetVisibilityRule
from shared.kernel.ids import new_id
from shared.kernel.problems import PreconditionRequired


async def outcomes(*asked: Awaitable[Any]) -> list[str]:
    """Return how each of several requests at once ended: the name of its answer's or its refusal's class."""
    return sorted(type(each).__name__ for each in await asyncio.gather(*asked, return_exceptions=True))


async def test_the_first_rule_of_a_buyer_is_made_once(open_shop: CommittedShop) -> None:
    asked = [SetQuantityRule(scope=Scope.ALL, min_qty=Decimal(quantity)) for quantity in (2, 3)]

    ended = await outcomes(*(open_shop(set_quantity_rule, one, KEEPER) for one in asked))

    assert ended == [PreconditionRequired.__name__, "QuantityRuleView"]
    assert len((await open_shop(list_quantity_rules, ListQuantityRules(), KEEPER)).items) == 1


async def test_two_rules_that_together_leave_nothing_are_not_both_set(open_shop: CommittedShop) -> None:
    chair = await open_shop.sells("chair")
    asked = [
        SetQuantityRule(scope=Scope.ALL, min_qty=Decimal(6)),
        SetQuantityRule(scope=Scope.PRODUCT, target_id=chair.id, max_qty=Decimal(5)),
    ]

    ended = await outcomes(*(open_shop(set_quantity_rule, one, KEEPER) for one in asked))

    assert ended == [QtyRuleImpossible.__name__, "QuantityRuleView"]


async def test_a_list_and_a_rule_for_everyone_do_not_pass_each_other(open_shop: CommittedShop) -> None:
    chair = await open_shop.sells("chair")
    shown = SetVisibilityRule(buyer_scope=BuyerScope.EVERYONE, scope=Scope.PRODUCT, target_id=chair.id, visible=True)

    ended = await outcomes(
        open_shop(put_access_list, PutAccessList(id=chair.id, customer_ids=[new_id()]), KEEPER),
        open_shop(set_visibility_rule, shown, KEEPER),
    )

    told = (await open_shop(list_visibility_rules, ListVisibilityRules(), KEEPER)).items
    assert "AccessListView" in ended
    assert sorted(rule.buyer_scope for rule in told) == [BuyerScope.CUSTOMER, BuyerScope.EVERYONE]
    assert [rule.visible for rule in told if rule.buyer_scope is BuyerScope.EVERYONE] == [False]


async def test_the_first_terms_of_a_group_are_set_once(open_shop: CommittedShop) -> None:
    group = a_group()
    await open_shop.knows(group)
    asked = [SetGroupTerms(group_id=group.id, minimum_qty=Decimal(quantity)) for quantity in (2, 3)]

    ended = await outcomes(*(open_shop(set_group_terms, one, KEEPER) for one in asked))

    assert ended == ["GroupTermsView", PreconditionRequired.__name__]
