"""An identity provider of the merchant's own in identity's place: the guide's story, and who is let in after it."""

import json
from typing import Any

import pytest
from joserfc.jwk import OctKey, OKPKey, RSAKey

from shared.kernel import clock
from shared.testing import eventually
from shared.testing.tokens import token as signed
from tests.integration.abroad import ADMIN, AGENT
from tests.integration.signing_in import READS

BOB = "auth0|bob"
HOUR = 3600


def documents(said: str) -> list[Any]:
    """Return the JSON documents that stand in a text one behind the other."""
    found, rest = [], said
    while rest := rest.strip():
        document, end = json.JSONDecoder().raw_decode(rest)
        found.append(document)
        rest = rest[end:]
    return found


async def test_the_story_of_the_guide_works_as_pasted(elsewhere: Any) -> None:
    admin, clerk, me = documents(elsewhere.said)

    assert (admin["roles"], clerk["roles"], me["account"]) == (["admin"], ["order_clerk"], admin)


async def test_a_token_of_the_other_issuer_is_good_at_every_service_and_may_what_its_account_may(
    elsewhere: Any,
) -> None:
    for path in READS.values():
        assert (await elsewhere.send("GET", path, elsewhere.login.token(ADMIN))).status_code == 200, path

    clerk = elsewhere.login.token(BOB, permissions=["accounts:read"], roles=["admin"], actor_type="staff")
    assert (await elsewhere.send("GET", "/v1/orders", clerk)).status_code == 200
    refused = await elsewhere.send("GET", "/v1/accounts", clerk)
    assert (refused.status_code, refused.json()["code"]) == (403, "FORBIDDEN")


STRANGER = RSAKey.generate_key(2048, auto_kid=True)


def wrong_ones(login: Any) -> dict[str, str]:
    """Return tokens in an admin's name, each wrong in one thing."""
    moment, kid = int(clock.now().timestamp()), login.key.kid
    own = OKPKey.generate_key("Ed25519")
    said = {"iss": login.issuer, "aud": login.audience, "sub": ADMIN}
    return {
        "another issuer's": login.token(ADMIN, iss="https://evil.example"),
        "identity's own": login.token(ADMIN, iss="courtier"),
        "for another API": login.token(ADMIN, aud="another"),
        "for nobody": login.token(ADMIN, aud=None),
        "without a subject": login.token(ADMIN, sub=None),
        "with a subject that is no text": login.token(ADMIN, sub=7),
        "without an end": login.token(ADMIN, exp=None),
        "not good yet": login.token(ADMIN, nbf=moment + HOUR),
        "with an algorithm nobody agreed on": login.token(ADMIN, {"alg": "RS512"}),
        "signed with the name of the key as a secret": signed(
            OctKey.import_key(kid), {"alg": "HS256", "kid": kid}, **said
        ),
        "signed with a key of one's own": signed(own, {"alg": "EdDSA", "kid": kid}, **said),
        "signed with a key that is not published": signed(STRANGER, {"alg": "RS256", "kid": STRANGER.kid}, **said),
        "not a token for this": login.token(ADMIN, {"typ": "logout+jwt"}),
    }


async def test_a_token_that_is_wrong_in_one_thing_is_refused_by_every_service(elsewhere: Any) -> None:
    for what, token in wrong_ones(elsewhere.login).items():
        answers = [await elsewhere.send("GET", path, token) for path in READS.values()]

        assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(401, "TOKEN_INVALID")}, what

    over = elsewhere.login.token(ADMIN, exp=int(clock.now().timestamp()) - 1)
    for path in READS.values():
        answer = await elsewhere.send("GET", path, over)
        assert (answer.status_code, answer.json()["code"]) == (401, "TOKEN_EXPIRED")


@pytest.mark.parametrize("subject", ["auth0|stranger", "auth0|Ada", "auth0|ada "])
async def test_a_good_token_of_somebody_without_an_account_opens_nothing(elsewhere: Any, subject: str) -> None:
    answer = await elsewhere.send("GET", "/v1/orders", elsewhere.login.token(subject))

    assert (answer.status_code, answer.json()["code"]) == (401, "ACCOUNT_CLOSED")


async def test_identity_signs_nobody_in_any_more(elsewhere: Any) -> None:
    for path, body in (
        ("/v1/sessions", {"email": "ada@shop.example", "password": "some long password"}),
        ("/v1/sessions/refresh", {"refresh_token": "x" * 43}),
    ):
        answer = await elsewhere.send("POST", path, None, json=body)
        assert (answer.status_code, answer.json()["code"]) == (409, "SIGN_IN_ELSEWHERE")


async def test_a_closed_account_is_refused_though_its_tokens_live_on(elsewhere: Any) -> None:
    admin, token = elsewhere.login.token(ADMIN), elsewhere.login.token(AGENT)
    account = (await elsewhere.send("GET", "/v1/me", token)).json()["account"]["id"]

    async def answered(status: int) -> None:
        for path in ("/v1/orders", "/v1/agents"):
            assert (await elsewhere.send("GET", path, token)).status_code == status

    await answered(200)
    await elsewhere.send("POST", f"/v1/accounts/{account}/closure", admin, json={"reason": "left"})
    await eventually(lambda: answered(401))
    await elsewhere.send("POST", f"/v1/accounts/{account}/reopening", admin)
    await eventually(lambda: answered(200))


async def test_an_account_follows_its_person_to_another_subject(elsewhere: Any) -> None:
    admin = elsewhere.login.token(ADMIN)
    clerk = documents(elsewhere.said)[1]["id"]
    body = {"external_subject": "auth0|robert"}

    path, seen = f"/v1/accounts/{clerk}", {"If-Match": '"1"'}

    linked = await elsewhere.send("PUT", f"{path}/subject", admin, json=body, headers=seen)

    assert linked.status_code == 200, linked.text
    me = await elsewhere.send("GET", "/v1/me", elsewhere.login.token("auth0|robert"))
    assert me.json()["account"]["id"] == clerk
    seen = {"If-Match": linked.headers["etag"]}
    taken = await elsewhere.send("PUT", f"{path}/subject", admin, json={"external_subject": ADMIN}, headers=seen)
    assert (taken.status_code, taken.json()["code"]) == (409, "SUBJECT_TAKEN")
