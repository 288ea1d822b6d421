"""`python -m courtier`: where the house stands, what is wrong with it, the operator's acts, and files in and out."""

import asyncio
from typing import Annotated, Any

import typer

from courtier import doctor as diagnosis
from courtier import files, images, show
from courtier.calling import GATEWAY, Email, Json, Password, Url, console, printed, run
from courtier.client import Api
from shared.contracts.registry import owners

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Operate a running Courtier, and move its catalogue in files.",
)
parked = typer.Typer(no_args_is_help=True, help="Events that a handler refused, and those queued behind them.")
app.add_typer(parked, name="parked")
app.add_typer(images.app, name="image")
Reason = Annotated[str, typer.Option(help="Why; it is kept with your name.")]
app.command("import")(files.import_file)
app.command("export")(files.export_file)


@app.command()
def status(email: Email, password: Password, url: Url = GATEWAY, as_json: Json = False) -> None:
    """Say where each service stands on the bus."""
    states = run(url, email, password, lambda api: _every(api, "status"))
    printed(states, as_json, show.states)


@app.command()
def doctor(email: Email = "", password: Password = "", url: Url = GATEWAY, as_json: Json = False) -> None:
    """Name what is wrong with the set-up, each with its remedy in one sentence."""
    findings = asyncio.run(diagnosis.examine(url, email, password))
    printed([finding.__dict__ for finding in findings], as_json, show.findings)
    raise typer.Exit(1 if any(not finding.healthy for finding in findings) else 0)


@app.command()
def reconcile(email: Email, password: Password, url: Url = GATEWAY, as_json: Json = False) -> None:
    """Have every service compare its rows with its invariants; any drift is an error."""
    answers = run(url, email, password, lambda api: _every(api, "drift"))
    printed(answers, as_json, show.drifts)
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
    run(url, email, password, lambda api: api.post(f"/v1/operations/{service}/replays", body))
    console.print(f"{service} hears {producer} again from event {from_seq}.")


@parked.command("list")
def list_parked(service: str, email: Email, password: Password, url: Url = GATEWAY, as_json: Json = False) -> None:
    """List what a service has set aside, oldest first."""
    page = run(url, email, password, lambda api: api.get(f"/v1/operations/{service}/parked"))
    printed(page["items"], as_json, show.parked)


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
    run(url, email, password, lambda api: api.post(path, {"reason": reason}))


async def _every(api: Api, what: str) -> list[dict[str, Any]]:
    answers = await asyncio.gather(*(api.get(f"/v1/operations/{service}/{what}") for service in owners()))
    return [{"service": service} | answer for service, answer in zip(owners(), answers, strict=True)]


if __name__ == "__main__":
    app()
