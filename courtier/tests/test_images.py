"""A picture is put behind those of a product by its SKU and a file."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from courtier import __main__ as command
from courtier import images
from courtier.client import Api, Refused

DATA = b"RIFF a picture"
ADDED = {"id": "p1", "images": [{"id": "i1", "url": "/v1/images/ab/large"}], "version": 2}


@dataclass
class Gateway:
    """Knows one product, and takes in what is sent; `late`: an answer that asks to come again first."""

    late: bool = False
    sent: list[tuple[str, str, Any, str | None]] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        path, key = request.url.path, request.headers.get("Idempotency-Key")
        if path == "/v1/sessions":
            return httpx.Response(200, json={"access_token": "a", "refresh_token": "r", "expires_in": 600})
        if path == "/v1/product-sheets":
            known = request.url.params["sku"] == "CAFE"
            return httpx.Response(200, json={"items": [{"id": "p1"}] if known else [], "next": None})
        if self.late:
            self.late = False
            return httpx.Response(503, headers={"Retry-After": "0"}, json={"detail": "Later."})
        raw = path == "/v1/uploads"
        body = request.content if raw else json.loads(request.content)
        self.sent.append((path, request.url.params.get("name", ""), body, key))
        return httpx.Response(201, json={"id": "u1"} if raw else ADDED)


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
async def api(gateway: Gateway) -> AsyncIterator[Api]:
    async with Api("http://shop.example") as api:
        api.http = httpx.AsyncClient(transport=httpx.MockTransport(gateway.answer), base_url="http://shop.example")
        yield api


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "café.jpg"
    path.write_bytes(DATA)
    return path


@pytest.mark.parametrize("late", [False, True])
async def test_a_file_is_uploaded_and_then_added(api: Api, gateway: Gateway, file: Path, late: bool) -> None:
    gateway.late = late

    assert await images.add(api, "CAFE", file, {"fr": "Café"}) == ADDED

    (uploads, name, data, key), (added, _, body, other_key) = gateway.sent
    assert (uploads, name, data) == ("/v1/uploads", "café.jpg", DATA)
    assert (added, body) == ("/v1/products/p1/images", {"upload_id": "u1", "alt": {"fr": "Café"}})
    assert len({key, other_key, None}) == 3


async def test_without_a_product_nothing_is_sent(api: Api, gateway: Gateway, file: Path) -> None:
    with pytest.raises(Refused, match="no SKU THE"):
        await images.add(api, "THE", file, {})
    assert gateway.sent == []


def test_the_command_says_what_it_shows_in_each_language(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    asked: list[Any] = []

    async def add(api: Api, *given: Any) -> dict[str, Any]:
        asked.append(given)
        return ADDED

    async def sign_in(api: Api, email: str, password: str) -> None:
        asked.append((email, password))

    monkeypatch.setattr(images, "add", add)
    monkeypatch.setattr(Api, "sign_in", sign_in)
    options = ["--email", "a@b.example", "--password", "secret", "--en", "Coffee"]

    said = CliRunner().invoke(command.app, ["image", "add", "CAFE", str(file), *options])

    assert (said.exit_code, asked) == (0, [("a@b.example", "secret"), ("CAFE", file, {"en": "Coffee"})])
    assert "has 1 pictures" in said.output
