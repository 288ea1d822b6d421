"""What a group pays for a variant: set once freely, then changed by whoever has read what stands."""

import asyncio
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from services.catalog.domain.prices import PUBLIC
from services.catalog.domain.replacing import NOT_YET, check_replaced
from services.catalog.handlers.commands.prices import set_group_price
from services.catalog.handlers.queries.prices import get_group_price
from services.catalog.tests.samples import KEEPER, CommittedShop, Shop, a_group, eur
from shared.contracts.catalog.price_lists import PriceListChanged
from shared.contracts.catalog.prices import (
    GetGroupPrice,
    GroupPriceNotFound,
    GroupPriceView,
    SetGroupPrice,
    VariantNotFound,
)
from shared.contracts.customers.groups import GroupNotFound, GroupSnapshot
from shared.kernel.ids import new_id
from shared.kernel.money import UnitPrice
from shared.kernel.problems import PreconditionFailed, PreconditionRequired


@pytest.fixture
async def group(shop: Shop) -> GroupSnapshot:
    """A group, in a shop that sells chairs."""
    group = a_group()
    await shop.knows(group)
    await shop.sells("chair")
    return group


def at(group: GroupSnapshot, amount: str = "71.37", **given: Any) -> SetGroupPrice:
    return SetGroupPrice(**{"sku": "chair", "group_id": group.id, "unit_price": eur(amount)} | given)


async def read(shop: Shop, group: GroupSnapshot, **query: Any) -> GroupPriceView:
    asked = GetGroupPrice(**{"sku": "chair", "group_id": group.id} | query)
    view: GroupPriceView = await shop(get_group_price, asked, KEEPER)
    return view


@pytest.mark.parametrize(("version", "expected"), [(NOT_YET, None), (1, 1), (7, 7)])
def test_a_first_price_and_one_that_was_read_may_be_set(version: int, expected: int | None) -> None:
    check_replaced(version, expected)


@pytest.mark.parametrize(
    ("version", "expected", "problem"),
    [(1, None, PreconditionRequired), (2, 1, PreconditionFailed), (NOT_YET, 1, PreconditionFailed)],
)
def test_a_price_that_was_not_read_as_it_stands_may_not(version: int, expected: int | None, problem: Any) -> None:
    with pytest.raises(problem):
        check_replaced(version, expected)


async def test_a_group_price_is_told_without_its_amount(shop: Shop, group: GroupSnapshot) -> None:
    first = await shop(set_group_price, at(group), KEEPER)
    second = await shop(set_group_price, at(group, "71.38", expected_version=1), KEEPER)

    assert (first.unit_price, first.version, second.version, second.id) == (eur("71.37"), 1, 2, first.id)
    told = shop.emitted[-1]
    assert isinstance(told, PriceListChanged)
    assert (told.price_list.code, told.price_list.version) == (f"group-{group.id}-eur", 2)
    assert not any("71.3" in event.model_dump_json() for event in shop.emitted)


async def test_a_price_that_stands_is_changed_by_who_has_read_it(shop: Shop, group: GroupSnapshot) -> None:
    await shop(set_group_price, at(group), KEEPER)

    with pytest.raises(PreconditionRequired):
        await shop(set_group_price, at(group, "60"), KEEPER)
    known = await read(shop, group)
    changed = await shop(set_group_price, at(group, "60", expected_version=known.version), KEEPER)
    with pytest.raises(PreconditionFailed) as stale:
        await shop(set_group_price, at(group, "50", expected_version=known.version), KEEPER)

    assert stale.value.details == {"version": changed.version}
    assert await read(shop, group) == changed
    assert changed.unit_price == eur("60")


async def test_a_first_price_sent_again_changes_nothing(shop: Shop, group: GroupSnapshot) -> None:
    first = await shop(set_group_price, at(group), KEEPER)
    told = len(shop.emitted)

    again = await shop(set_group_price, at(group), KEEPER)

    assert (again, len(shop.emitted)) == (first, told)


async def test_each_currency_has_a_price_and_a_version_of_its_own(shop: Shop, group: GroupSnapshot) -> None:
    dollars = UnitPrice(eur("80").amount, "USD")
    euros = await shop(set_group_price, at(group), KEEPER)
    await shop(set_group_price, at(group, "60", expected_version=euros.version), KEEPER)

    with pytest.raises(GroupPriceNotFound):
        await read(shop, group, currency="USD")
    await shop(set_group_price, at(group, unit_price=dollars), KEEPER)

    shown = await read(shop, group, currency="USD")
    assert (shown.unit_price, shown.version) == (dollars, 1)
    assert (await read(shop, group)).version == 2


async def test_of_two_first_prices_at_once_one_is_set_and_the_other_must_read_it(open_shop: CommittedShop) -> None:
    group = a_group()
    await open_shop.knows(group)
    await open_shop.sells("chair")

    commands = (at(group, "70"), at(group, "60"))
    found = await asyncio.gather(
        *(open_shop(set_group_price, command, KEEPER) for command in commands), return_exceptions=True
    )

    assert sum(isinstance(one, GroupPriceView) for one in found) == 1
    # The hall tries the loser of the race again, and then its price stands to be read first.
    assert sum(isinstance(one, (IntegrityError, PreconditionRequired)) for one in found) == 1


async def test_what_is_not_known_has_no_group_price(shop: Shop, group: GroupSnapshot) -> None:
    with pytest.raises(VariantNotFound):
        await read(shop, group, sku="none")
    for stranger in (new_id(), PUBLIC):  # the base price is no group's
        with pytest.raises(GroupNotFound):
            await read(shop, group, group_id=stranger)
        with pytest.raises(GroupNotFound):
            await shop(set_group_price, at(group, group_id=stranger), KEEPER)
