"""Content blocks: written by keepers, shown to everyone or to some groups only (CA-19)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.catalog.handlers.commands.content import (
    change_content_block,
    create_content_block,
    delete_content_block,
)
from services.catalog.handlers.queries.content import get_content_block, list_content, list_content_blocks
from services.catalog.tests.samples import KEEPER, Shop, a_buyer, a_group
from shared.contracts.actor import VISITOR, Actor, Permission
from shared.contracts.catalog.content import (
    ChangeContentBlock,
    ContentBlockChanged,
    ContentBlockCreated,
    ContentBlockDeleted,
    ContentBlockView,
    ContentInvalid,
    ContentNotFound,
    CreateContentBlock,
    DeleteContentBlock,
    GetContentBlock,
    ListContent,
    ListContentBlocks,
)
from shared.contracts.customers.customers import CustomerNotFound
from shared.contracts.customers.groups import GroupNotFound
from shared.kernel.ids import new_id
from shared.kernel.problems import PreconditionFailed
from shared.testing import customer, staff

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def block(shop: Shop, title: str, **given: Any) -> ContentBlockView:
    told = {"placement": "home", "texts": {"fr": {"title": title, "body": f"<p>{title}</p>"}}} | given
    view: ContentBlockView = await shop(create_content_block, CreateContentBlock.model_validate(told), KEEPER)
    return view


async def seen(shop: Shop, actor: Actor = VISITOR, at: datetime = NOON, **asked: Any) -> list[str]:
    page = await shop(list_content, ListContent(placement="home", **asked), actor, as_of=at)
    return [view.title for view in page.items]


async def test_ca19_a_group_is_shown_its_own_blocks_and_everyones(shop: Shop) -> None:
    dealers, key_accounts = a_group("dealers"), a_group("key-accounts")
    dealer, both, nobody = a_buyer(dealers.id), a_buyer(dealers.id, key_accounts.id), a_buyer()
    await shop.knows(dealers, key_accounts, dealer, both, nobody)
    await block(shop, "all")
    await block(shop, "dealers", group_ids=[dealers.id], position=-1)
    await block(shop, "accounts", group_ids=[key_accounts.id], position=2)
    await block(shop, "either", group_ids=[key_accounts.id, dealers.id], position=3)
    await block(shop, "elsewhere", placement="cart")

    assert await seen(shop, customer(dealer.id)) == ["dealers", "all", "either"]
    assert await seen(shop, customer(both.id)) == ["dealers", "all", "accounts", "either"]
    assert await seen(shop, customer(nobody.id)) == ["all"]
    assert await seen(shop) == ["all"]
    clerk = staff(Permission.CATALOG_READ, Permission.CUSTOMERS_READ)
    assert await seen(shop, clerk, customer_id=dealer.id) == ["dealers", "all", "either"]
    with pytest.raises(CustomerNotFound):
        await seen(shop, customer(nobody.id), customer_id=dealer.id)


async def test_a_block_is_shown_within_its_schedule(shop: Shop) -> None:
    await block(shop, "sale", starts_at=NOON, ends_at=NOON + HOUR)

    moments = (NOON - HOUR, NOON, NOON + HOUR - timedelta(microseconds=1), NOON + HOUR)
    assert [await seen(shop, at=moment) for moment in moments] == [[], ["sale"], ["sale"], []]


async def test_a_block_is_shown_in_the_language_asked_for_or_another(shop: Shop) -> None:
    texts = {"fr": {"title": "Bienvenue"}, "en": {"title": "Welcome"}}
    await block(shop, "", texts=texts)
    await block(shop, "", texts={"en": {"title": "News"}}, position=1)

    assert await seen(shop, locale="fr") == ["Bienvenue", "News"]
    page = await shop(list_content, ListContent(placement="home", locale="en"), VISITOR, as_of=NOON)
    assert [(view.locale, view.title) for view in page.items] == [("en", "Welcome"), ("en", "News")]


async def test_what_is_kept_is_safe_to_show(shop: Shop) -> None:
    made = await block(shop, "", texts={"fr": {"body": "<p onclick='x'>Bonjour<script>alert(1)</script></p>"}})

    assert made.texts["fr"].body == "<p>Bonjour</p>"


@pytest.mark.parametrize(
    ("given", "problem", "pointer"),
    [
        ({"texts": {"fr": {"body": "<script>1</script>"}}}, ContentInvalid, "/texts/fr"),
        ({"starts_at": NOON, "ends_at": NOON}, ContentInvalid, "/ends_at"),
        ({"group_ids": [new_id()]}, GroupNotFound, "/group_ids/0"),
    ],
)
async def test_a_block_that_cannot_be_is_refused_and_nothing_is_kept(
    shop: Shop, given: dict[str, Any], problem: type[ContentInvalid | GroupNotFound], pointer: str
) -> None:
    made = await block(shop, "first")
    edit = given | {"id": made.id, "expected_version": 1}

    with pytest.raises(problem) as refused:
        await block(shop, "second", **given)
    with pytest.raises(problem):
        await shop(change_content_block, ChangeContentBlock.model_validate(edit), KEEPER)

    assert [error.pointer for error in refused.value.errors] == [pointer]
    assert (await shop(list_content_blocks, ListContentBlocks(), KEEPER)).items == [made]


async def test_a_block_is_edited_read_and_deleted(shop: Shop) -> None:
    made = await block(shop, "sale", starts_at=NOON, ends_at=NOON + HOUR)
    edit = {"id": made.id, "expected_version": 1, "placement": "cart", "clear": ["starts_at", "ends_at"]}

    edited = await shop(change_content_block, ChangeContentBlock.model_validate(edit), KEEPER)
    assert (edited.placement, edited.starts_at, edited.ends_at, edited.version) == ("cart", None, None, 2)
    assert edited.texts == made.texts
    assert await shop(get_content_block, GetContentBlock(id=made.id), KEEPER) == edited
    assert (await shop(list_content_blocks, ListContentBlocks(placement="home"), KEEPER)).items == []

    with pytest.raises(PreconditionFailed):
        await shop(delete_content_block, DeleteContentBlock(id=made.id, expected_version=1), KEEPER)
    await shop(delete_content_block, DeleteContentBlock(id=made.id, expected_version=2), KEEPER)
    with pytest.raises(ContentNotFound):
        await shop(get_content_block, GetContentBlock(id=made.id), KEEPER)


async def test_the_same_key_makes_one_block(shop: Shop) -> None:
    command = CreateContentBlock.model_validate({"placement": "home", "texts": {"fr": {"title": "once"}}})

    first, again = [await shop(create_content_block, command, KEEPER, request_key="k1") for _ in range(2)]

    assert first == again
    assert await seen(shop) == ["once"]


async def test_what_becomes_of_a_block_is_told_without_its_texts_or_its_groups(shop: Shop) -> None:
    group = a_group("told")
    await shop.knows(group)
    made = await block(shop, "secret words", group_ids=[group.id], starts_at=NOON)

    changed = ChangeContentBlock(id=made.id, expected_version=1, position=4)
    await shop(change_content_block, changed, KEEPER)
    await shop(delete_content_block, DeleteContentBlock(id=made.id, expected_version=2), KEEPER)

    told = shop.emitted[-3:]
    assert [type(one) for one in told] == [ContentBlockCreated, ContentBlockChanged, ContentBlockDeleted]
    assert [(one.block.id, one.block.version, one.block.position) for one in told] == [
        (made.id, 1, 0),
        (made.id, 2, 4),
        (made.id, 3, 4),
    ]
    assert told[0].block.starts_at == NOON
    assert not [one for one in told if "secret" in one.model_dump_json() or str(group.id) in one.model_dump_json()]
