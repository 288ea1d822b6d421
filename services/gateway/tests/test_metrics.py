"""/metrics of the gateway stands at a door that is everybody's: only who shows the token finds it."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.gateway.settings import Settings

Apps = Callable[..., FastAPI]
Clients = Callable[..., httpx.AsyncClient]
TOKEN = "a token of the operator's"
NOT_THE_TOKEN: tuple[dict[str, str], ...] = (
    {},
    {"Authorization": ""},
    {"Authorization": "Bearer"},
    {"Authorization": "Bearer "},
    {"Authorization": TOKEN},
    {"Authorization": f"Basic {TOKEN}"},
    {"Authorization": f"Bearer {TOKEN[:-1]}"},
    {"Authorization": f"Bearer {TOKEN}s"},
    {"Authorization": "Bearer None"},
    {"Authorization": "Bearer café"},
)


def without_its_own(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "trace_id"}


async def test_whoever_shows_the_token_reads_what_was_measured(app_with: Apps, client_of: Clients) -> None:
    async with client_of(app_with(metrics_token=TOKEN)) as http:
        for scheme in ("Bearer", "bearer"):
            answer = await http.get("/metrics", headers={"Authorization": f"{scheme} {TOKEN}"})

            assert answer.status_code == 200
            assert "courtier_gateway_event_streams" in answer.text


@pytest.mark.parametrize("configured", [None, "", TOKEN])
async def test_for_anybody_else_there_is_nothing(app_with: Apps, client_of: Clients, configured: str | None) -> None:
    async with client_of(app_with(metrics_token=configured)) as http:
        nowhere = await http.get("/nowhere")
        for shown in NOT_THE_TOKEN:
            headers = {name: value.encode("latin-1") for name, value in shown.items()}
            answer = await http.get("/metrics", headers=headers)

            assert answer.status_code == nowhere.status_code == 404
            assert without_its_own(answer.json()) == without_its_own(nowhere.json())


def test_the_token_is_not_shown_where_settings_are() -> None:
    assert TOKEN not in repr(Settings(metrics_token=TOKEN))
