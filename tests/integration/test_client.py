"""The client of the house's own commands, against the house: its session outlasts its access token."""

import time
from typing import Any

from courtier.client import Api


async def test_a_caller_outlasts_its_access_token(shop: Any) -> None:
    moment = time.time()
    clerk = shop.logins["clerk"]
    async with Api(shop.url, lambda: moment) as api:
        await api.sign_in(clerk.email, clerk.password)
        tokens = [api.http.headers["Authorization"]]
        for _ in range(2):
            moment += 600
            assert (await api.get("/v1/me"))["account"]["email"] == clerk.email
            tokens.append(api.http.headers["Authorization"])

    assert len(set(tokens)) == 3
