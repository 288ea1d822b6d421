"""`python -m courtier`: where the house stands, what is wrong with it, and the operator's acts."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console

from courtier import doctor as diagnosis
from courtier import show
from courtier.client import Api, Refused
from shared.contracts.registry import owners

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help="Operate a running Courtier.")
parked = typer.Typer(no_args_is_help=True, help="Events that a handler refused, and those queued behind them.")
app.add_typer(parked, name="parked")
console = Console()

Url = Annotated[str, typer.Option(envvar="COURTIER_URL", help="The gateway.")]
Email = Annotated[str, typer.Option(envvar="COURTIER_EMAIL", help="An account that may operate.")]
Password = Annotated[str, typer.Option(envvar="COURTIER_PASSWORD", help="Its password.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Reason = Annotated[str, typer.Option(help="Why; it is kept with your name.")]
GATEWAY = "http://127.0.0.1:8080"


@app.command()
def status(email: Email, password: Password, url: Url = GATEWAY, as_json: Json = False) -> None:
    """Say where each service stands on the bus."""
    states = _run(url, email, password, lambda api: _every(api, "status"))
    _print(states, as_json, show.states)


@app.command()
def doctor(email: Email = "", password: Password = "", url: Url = GATEWAY, as_json: Json = False) -> None:
    """Name what is wrong with the set-up, each with its remedy in one sentence."""
    findings = asyncio.run(diagnosis.examine(url, email, password))
    _print([finding.__dict__ for finding in findings], as_json, show.findings)
    raise typer.Exit(1 if any(not finding.healthy for finding in findings) else 0)


@app.command()
def reconcile(email: Email, password: Password, url: Url = GATEWAY, as_json: Json = False) -> None:
    """Have every service compare its rows with its invariants; any drift is an error."""
    answers = _run(url, email, password, lambda api: _every(api, "drift"))
    _print(answers, as_json, show.drifts)
    raise typer.Exit(1 if any(answer["drifts"] for answer in answers) else 0)


@app.command()
def replay(
    service: str,
    producer: str,
    reason: Reason,
    email: Email,
    password: Password,
    from_seq: Annotated[int, typer.Option(min=1, help="The first event to hear again.")] = 1,
    url: Url = GATEWAY,
) -> None:
    """Have a service hear a producer's events again; what they did once is not done twice."""
    body = {"producer": producer, "from_seq": from_seq, "reason": reason}
    _run(url, email, password, lambda api: api.post(f"/v1/operations/{service}/replays", body))
    console.print(f"{service} hears {producer} again from event {from_seq}.")


@parked.command("list")
def list_parked(service: str, email: Email, password: Password, url: Url = GATEWAY, as_json: Json = False) -> None:
    """List what a service has set aside, oldest first."""
    page = _run(url, email, password, lambda api: api.get(f"/v1/operations/{service}/parked"))
    _print(page["items"], as_json, show.parked)


@parked.command()
def retry(
    service: str,
    producer: str,
    seq: int,
    handler: str,
    reason: Reason,
    email: Email,
    password: Password,
    url: Url = GATEWAY,
) -> None:
    """Give a parked event another series of tries."""
    _decide("retry", service, producer, seq, handler, reason, url, email, password)
    console.print(f"{handler} tries event {seq} of {producer} again.")


@parked.command()
def discard(
    service: str,
    producer: str,
    seq: int,
    handler: str,
    reason: Reason,
    email: Email,
    password: Password,
    url: Url = GATEWAY,
) -> None:
    """Give a parked event up for good; those behind it go on."""
    _decide("discard", service, producer, seq, handler, reason, url, email, password)
    console.print(f"{handler} will never see event {seq} of {producer}; those behind it go on.")


def _decide(
    act: str, service: str, producer: str, seq: int, handler: str, reason: str, url: str, email: str, password: str
) -> None:
    path = f"/v1/operations/{service}/parked/{producer}/{seq}/{handler}/{act}"
    _run(url, email, password, lambda api: api.post(path, {"reason": reason}))


async def _every(api: Api, what: str) -> list[dict[str, Any]]:
    answers = await asyncio.gather(*(api.get(f"/v1/operations/{service}/{what}") for service in owners()))
    return [{"service": service} | answer for service, answer in zip(owners(), answers, strict=True)]


def _run(url: str, email: str, password: str, act: Callable[[Api], Awaitable[Any]]) -> Any:
    async def signed_in() -> Any:
        async with Api(url) as api:
            await api.sign_in(email, password)
            return await act(api)

    try:
        return asyncio.run(signed_in())
    except Refused as refusal:
        sentence = str(refusal)
    except httpx.TransportError:
        sentence = f"Nothing answers at {url}; is the gateway running? `make up` starts the house."
    Console(stderr=True).print(sentence, style="red")
    raise typer.Exit(2)


def _print(answer: Any, as_json: bool, drawn: Callable[[Any], Any]) -> None:
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False, default=str))
    else:
        console.print(drawn(answer))


if __name__ == "__main__":
    app()
