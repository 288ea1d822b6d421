"""Secrets travel to identity and are shown to nobody on the way."""

import pytest

from shared.contracts.actor import ActorType
from shared.contracts.identity import (
    BootstrapAdmin,
    ChangePassword,
    CreateAccount,
    RefreshTokens,
    Role,
    SignIn,
    SignOut,
)

CANARY = "canary bird of gold"
MESSAGES = [
    SignIn(email="a@shop.example", password=CANARY),
    RefreshTokens(refresh_token=CANARY),
    SignOut(refresh_token=CANARY),
    BootstrapAdmin(secret=CANARY, email="a@shop.example", name="A", password=CANARY),
    CreateAccount(type=ActorType.STAFF, email="a@shop.example", name="A", password=CANARY, roles=[Role.ADMIN]),
    ChangePassword(current_password=CANARY, new_password=CANARY, refresh_token=CANARY),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_a_secret_arrives_and_is_written_nowhere_else(message):
    arrived = type(message).model_validate_json(message.model_dump_json())

    assert arrived == message
    assert CANARY in message.model_dump_json()
    assert CANARY not in f"{arrived!r} {arrived} {arrived.model_dump()}"
