"""Signing keys: encrypted where they are kept, and what they sign is verified by every service's own eyes."""

import warnings
from datetime import UTC, datetime, timedelta

import pytest

from services.identity.domain.signing import SigningKeyUnreadable, access_token, due, new_key, opened, shown_until
from shared.contracts.identity import SigningKeys
from shared.kernel import clock
from shared.messaging.callers import Callers
from shared.testing.tokens import ACCOUNT, claims

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_the_private_half_is_kept_encrypted_and_never_shown():
    key = new_key("a secret")
    private = opened(key.kid, key.sealed, "a secret").as_dict(private=True)["d"]

    assert "d" not in key.public
    assert key.public["kid"] == key.kid
    assert opened(key.kid, key.sealed, "a secret").as_der(private=True) not in key.sealed
    assert str(private) not in str(key)


def test_another_secret_opens_nothing_and_the_sentence_names_the_remedy():
    key = new_key("a secret")

    with pytest.raises(SigningKeyUnreadable, match="restore that secret"):
        opened(key.kid, key.sealed, "another secret")


def test_a_key_is_bound_to_its_id():
    key = new_key("a secret")

    with pytest.raises(SigningKeyUnreadable):
        opened("another id", key.sealed, "a secret")


async def test_services_verify_what_identity_signs():
    async def keys() -> SigningKeys:
        return SigningKeys(keys=[key.public])

    key = new_key("a secret")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with clock.stopped(NOON):
            token = access_token(claims(), key.kid, opened(key.kid, key.sealed, "a secret"))
            actor = await Callers("courtier", "courtier", keys).actor(token)

    assert actor.account_id == ACCOUNT


def test_a_key_signs_for_so_many_days_and_is_shown_until_its_tokens_ended():
    assert not due(NOON, 90, NOON + timedelta(days=89))
    assert due(NOON, 90, NOON + timedelta(days=90))
    assert shown_until(NOON, 600) >= NOON + timedelta(seconds=600)
