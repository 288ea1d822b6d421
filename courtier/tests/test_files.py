"""Files in and out from the command line: what is sent, what is shown, and how it ends."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from courtier import calling, files
from courtier.__main__ import app
from courtier.client import Api

TOKENS = {"access_token": "a", "refresh_token": "r", "expires_in": 600}
LOGIN = ["--email", "a@b.example", "--password", "secret"]
RUN: dict[str, Any] = {
    "id": "42",
    "kind": "products",
    "state": "waiting",
    "total_rows": None,
    "done_rows": 0,
    "created_rows": 2,
    "changed_rows": 0,
    "unchanged_rows": 0,
    "failed_rows": 0,
    "trouble": None,
}
FAULT = {
    "row": 3,
    "outcome": "error",
    "column": "price",
    "old": None,
    "value": "[-1]",
    "message": "Write 0 or more.",
}
Answer = Callable[[httpx.Request], httpx.Response]


class Gateway:
    """Answers as a gateway whose import ends in `state`, after two looks."""

    def __init__(self, state: str = "done", failed: int = 0) -> None:
        self.end = RUN | {"state": state, "failed_rows": failed, "trouble": "Nothing was read." if failed else None}
        self.asked: list[tuple[str, str, bytes]] = []
        self.looks = 0

    def answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.asked.append((request.method, str(request.url.raw_path.decode()), request.content))
        if path == "/v1/sessions":
            return httpx.Response(200, json=TOKENS)
        if path == "/v1/uploads":
            return httpx.Response(201, json={"id": "7"})
        if path.endswith("/findings"):
            return httpx.Response(200, json={"items": [FAULT] if self.end["failed_rows"] else [], "next": None})
        if path.startswith("/v1/exports"):
            return httpx.Response(200, content=b"sku\r\nA\r\n")
        self.looks += 1
        return httpx.Response(200, json=self.end if self.looks > 2 else RUN)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    monkeypatch.setattr(files, "LOOK_SECONDS", 0)

    def command(gateway: Any, *words: str) -> Any:
        def api(url: str) -> Api:
            made = Api(url)
            made.http = httpx.AsyncClient(base_url=url, transport=httpx.MockTransport(gateway.answer))
            return made

        monkeypatch.setattr(calling, "Api", api)
        return CliRunner().invoke(app, [*words, *LOGIN])

    return command


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "products.csv"
    file.write_bytes(b"sku,name,price\n" + b"A,Axe,1\n" * 100_000)
    return file


def test_a_file_is_sent_whole_imported_and_waited_for(run: Callable[..., Any], table: Path) -> None:
    gateway = Gateway()
    result = run(gateway, "import", str(table), "--kind", "products", "--list", "dealers", "--dry-run", "--skip-bad")

    assert result.exit_code == 0, result.output
    assert "products: done" in result.output
    sent = {path: body for _, path, body in gateway.asked}
    assert sent["/v1/uploads?name=products.csv"] == table.read_bytes()
    asked = json.loads(sent["/v1/imports"])
    assert (asked["upload_id"], asked["dry_run"], asked["on_error"]) == ("7", True, "skip_bad")
    assert asked["options"] == {"currency": "EUR", "price_list": "dealers", "warehouse": None}


def test_rows_in_error_are_shown_with_their_remedy_and_end_with_1(run: Callable[..., Any], table: Path) -> None:
    result = run(Gateway("failed", failed=1), "import", str(table), "--kind", "products")

    assert result.exit_code == 1
    assert "Nothing was read." in result.output
    assert "[-1]" in result.output
    assert "Write 0 or more." in " ".join(result.output.split())


def test_programs_get_json_and_need_not_wait(run: Callable[..., Any], table: Path) -> None:
    gateway = Gateway()
    result = run(gateway, "import", str(table), "--kind", "stock", "--no-wait", "--json")

    assert (result.exit_code, json.loads(result.output)["import"]["state"]) == (0, "waiting")
    assert gateway.looks == 1


def test_an_export_becomes_a_file(run: Callable[..., Any], tmp_path: Path) -> None:
    gateway, target = Gateway(), tmp_path / "prices.xlsx"
    result = run(gateway, "export", "prices", "--output", str(target), "--currency", "CHF")

    assert result.exit_code == 0, result.output
    assert target.read_bytes() == b"sku\r\nA\r\n"
    assert gateway.asked[-1][1] == "/v1/exports/prices?format=xlsx&currency=CHF"
    assert [path.name for path in tmp_path.iterdir()] == ["prices.xlsx"]


def test_a_refusal_is_a_sentence_and_leaves_no_file(run: Callable[..., Any], tmp_path: Path) -> None:
    class Closed(Gateway):
        def answer(self, request: httpx.Request) -> httpx.Response:
            if request.url.path.startswith("/v1/exports"):
                return httpx.Response(403, json={"detail": "Your roles do not include prices:write."})
            return super().answer(request)

    result = run(Closed(), "export", "prices", "--output", str(tmp_path / "prices.csv"))

    assert result.exit_code == 2
    assert "Your roles do not include prices:write." in " ".join(result.output.split())
    assert list(tmp_path.iterdir()) == []
