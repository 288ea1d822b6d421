"""Passwords: common ones and those that hold the address are refused; none is cut."""

import pytest
from pydantic import ValidationError

from services.identity.domain import hashing
from services.identity.domain.passwords import check, common
from shared.contracts.actor import ActorType
from shared.contracts.identity import CreateAccount, Role
from shared.kernel.problems import Malformed


@pytest.mark.parametrize(
    "password",
    [
        "password",
        "PASSWORD",
        "Password1",
        "12345678",
        "qwertyuiop",
        "motdepasse",
        "azertyuiop",
        "aaaaaaaaaaaa",
        "ｐａｓｓｗｏｒｄ",
    ],
)
def test_a_common_password_is_refused(password):
    with pytest.raises(Malformed) as refusal:
        check(password, "nora@shop.example")

    assert [(e.pointer, e.code) for e in refusal.value.errors] == [("/password", "PASSWORD_COMMON")]


@pytest.mark.parametrize("password", ["nora.lind-2026", "my NORA.LIND pass", "xxnora.lindxx"])
def test_a_password_with_the_address_in_it_is_refused(password):
    with pytest.raises(Malformed) as refusal:
        check(password, "nora.lind@shop.example", "/new_password")

    assert [(e.pointer, e.code) for e in refusal.value.errors] == [("/new_password", "PASSWORD_HOLDS_EMAIL")]


@pytest.mark.parametrize("password", ["seven blue bicycles", "Zw4nz1g Wörter", "🚲🚲🚲🚲 velo", "x7#kq!2m"])
def test_a_good_password_needs_no_special_kinds_of_characters(password):
    check(password, "nora@shop.example")


def test_a_very_short_local_part_forbids_nothing():
    check("seven blue bicycles", "s@shop.example")


def test_the_list_is_of_passwords_that_could_be_chosen():
    assert len(common()) > 3000
    assert all(len(password) >= 8 and password == password.casefold() for password in common())


STAFF = {"type": ActorType.STAFF, "email": "a@b.example", "name": "A", "roles": [Role.ADMIN]}


@pytest.mark.parametrize("length", [8, 128])
def test_a_password_may_have_8_to_128_characters(length):
    assert CreateAccount(**STAFF, password="é" * length)


@pytest.mark.parametrize("length", [0, 7, 129])
def test_a_password_of_another_length_is_refused(length):
    with pytest.raises(ValidationError) as refusal:
        CreateAccount(**STAFF, password="é" * length)

    assert [fault["loc"] for fault in refusal.value.errors()] == [("password",)]


async def test_every_one_of_128_characters_counts():
    kept = await hashing.hashed("é" * 127 + "a")

    assert await hashing.matches(kept, "é" * 127 + "a")
    assert not await hashing.matches(kept, "é" * 127 + "b")
    assert not await hashing.matches(kept, "é" * 127)


async def test_one_password_is_the_same_from_every_keyboard():
    assert await hashing.matches(await hashing.hashed("caf\u00e9 cr\u00e8me"), "cafe\u0301 cre\u0300me")


async def test_a_hash_says_how_it_was_made_and_never_twice_the_same():
    first, second = await hashing.hashed("seven blue bicycles"), await hashing.hashed("seven blue bicycles")

    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert first != second
    assert not hashing.outdated(first)
    assert hashing.outdated(first.replace("m=19456", "m=4096"))


@pytest.mark.parametrize("kept", [None, "", "not a hash", "$argon2id$v=19$m=19456,t=2,p=1$AAAA$AAAA"])
async def test_nothing_matches_where_no_password_is_kept(kept):
    assert not await hashing.matches(kept, "seven blue bicycles")
