"""On what terms groups buy, as those who keep prices set them."""

from decimal import Decimal
from typing import Any

import pytest

from services.catalog.domain.minimums import Shortfall, judge
from services.catalog.handlers.commands.group_terms import set_group_terms
from services.catalog.handlers.queries.group_terms import get_group_terms, list_group_terms
from services.catalog.repository import group_terms
from services.catalog.tests.samples import KEEPER, Shop, a_group
from shared.contracts.catalog.group_terms import (
    GetGroupTerms,
    GroupTermsChanged,
    GroupTermsInvalid,
    GroupTermsView,
    ListGroupTerms,
    SetGroupTerms,
)
from shared.contracts.catalog.rules import Availability, MinimumAction
from shared.contracts.customers.groups import GroupNotFound, GroupSnapshot
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.kernel.problems import PreconditionFailed, PreconditionRequired

MIN_500 = Money(Decimal(500), "EUR")


async def sets(shop: Shop, group: GroupSnapshot, **said: Any) -> GroupTermsView:
    view: GroupTermsView = await shop(set_group_terms, SetGroupTerms(group_id=group.id, **said), KEEPER)
    return view


async def test_a_group_without_terms_buys_like_everyone(shop: Shop) -> None:
    group = a_group()
    await shop.knows(group)

    terms = await shop(get_group_terms, GetGroupTerms(group_id=group.id), KEEPER)

    assert (terms.version, terms.minimum_qty, terms.minimum_subtotal) == (0, None, None)
    assert terms.availability is Availability.EXACT
    with pytest.raises(GroupNotFound):
        await shop(get_group_terms, GetGroupTerms(group_id=new_id()), KEEPER)
    with pytest.raises(GroupNotFound):
        await sets(shop, a_group("unheard"))


async def test_terms_are_set_and_replaced_whole(shop: Shop) -> None:
    group = a_group()
    await shop.knows(group)
    fee = Money(Decimal(15), "EUR")

    first = await sets(shop, group, minimum_subtotal=MIN_500, action="surcharge", surcharge=fee, minimum_qty=Decimal(6))
    again = await sets(shop, group, minimum_subtotal=MIN_500, action="surcharge", surcharge=fee, minimum_qty=Decimal(6))
    second = await sets(shop, group, availability="banded", expected_version=1)

    assert again == first
    assert (first.minimum_subtotal, first.surcharge, first.minimum_qty, first.version) == (MIN_500, fee, Decimal(6), 1)
    assert (second.minimum_subtotal, second.surcharge, second.minimum_qty, second.version) == (None, None, None, 2)
    assert (second.availability, second.action) == (Availability.BANDED, MinimumAction.BLOCK)
    told = shop.emitted[-1]
    assert isinstance(told, GroupTermsChanged)
    assert (told.terms.id, told.terms.version) == (group.id, 2)
    assert "500" not in shop.emitted[-2].model_dump_json()
    with pytest.raises(PreconditionRequired):
        await sets(shop, group)
    with pytest.raises(PreconditionFailed):
        await sets(shop, group, expected_version=1)


async def test_terms_that_make_no_sense_change_nothing(shop: Shop) -> None:
    group = a_group()
    await shop.knows(group)

    with pytest.raises(GroupTermsInvalid) as refused:
        await sets(shop, group, action="surcharge")

    assert [error.pointer for error in refused.value.errors] == ["/surcharge"]
    assert (await shop(get_group_terms, GetGroupTerms(group_id=group.id), KEEPER)).version == 0


async def test_terms_are_listed_by_the_page(shop: Shop) -> None:
    groups = [a_group(code) for code in ("a", "b", "c")]
    await shop.knows(*groups)
    for group in groups:
        await sets(shop, group, minimum_qty=Decimal(2))
    wanted = sorted(group.id for group in groups)

    first = await shop(list_group_terms, ListGroupTerms(limit=2), KEEPER)
    second = await shop(list_group_terms, ListGroupTerms(limit=2, cursor=first.next), KEEPER)

    assert [terms.group_id for terms in (*first.items, *second.items)] == wanted
    assert (first.next, second.next) == (str(wanted[1]), None)


async def test_minimums_of_groups_are_judged_as_they_are_kept(shop: Shop) -> None:
    group, other = a_group(), a_group("others")
    await shop.knows(group, other)
    await sets(shop, group, minimum_subtotal=MIN_500, action="retail_price")
    await sets(shop, other, minimum_qty=Decimal(3))
    work = shop.work_as(KEEPER)

    facts = await group_terms.minimums_of(work.session, [group.id])
    await work.session.close()

    found = judge(facts, Decimal(3), Money(Decimal(300), "EUR"))
    assert isinstance(found, Shortfall)
    assert (found.action, found.missing_subtotal) == (MinimumAction.RETAIL_PRICE, Money(Decimal(200), "EUR"))
