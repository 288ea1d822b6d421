"""Accounts of a test's own, their tokens, and what a token opens."""

import asyncio
from typing import Any

from shared.kernel.ids import new_id

PASSWORD = "correct horse 7 staple"
# One read of each service, that an admin may do.
READS = {
    "identity": "/v1/me",
    "catalog": "/v1/stock",
    "customers": "/v1/customers",
    "orders": "/v1/orders",
    "agents": "/v1/agents",
    "notifications": "/v1/mails",
}


async def employee(shop: Any, *roles: str) -> dict[str, Any]:
    """Open a staff account of its own, so that no other test's sessions are touched."""
    body = {"type": "staff", "email": f"{new_id()}@staff.example", "name": "Sam Roy", "password": PASSWORD}
    account: dict[str, Any] = await shop.people["admin"].create(
        "/v1/accounts", str(new_id()), body | {"roles": list(roles)}
    )
    return account


async def signed_in(shop: Any, account: dict[str, Any]) -> dict[str, Any]:
    answer = await shop.people["visitor"].http.post(
        "/v1/sessions", json={"email": account["email"], "password": PASSWORD}
    )
    assert answer.status_code == 201, answer.text
    tokens: dict[str, Any] = answer.json()
    return tokens


async def refreshed(shop: Any, tokens: dict[str, Any]) -> Any:
    body = {"refresh_token": tokens["refresh_token"]}
    return await shop.people["visitor"].http.post("/v1/sessions/refresh", json=body)


async def got(shop: Any, path: str, token: str) -> Any:
    return await shop.people["visitor"].http.get(path, headers={"Authorization": f"Bearer {token}"})


async def read_everywhere(shop: Any, token: str) -> dict[str, tuple[int, str]]:
    """Ask every service for something with this token; return status and code of each answer."""
    answers = await asyncio.gather(*(got(shop, path, token) for path in READS.values()))
    return {
        name: (answer.status_code, "" if answer.is_success else answer.json()["code"])
        for name, answer in zip(READS, answers, strict=True)
    }
