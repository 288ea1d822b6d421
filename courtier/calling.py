"""What every command needs: where the gateway is, who calls, and how answers and refusals are shown."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console

from courtier.client import Api, Refused

Url = Annotated[str, typer.Option(envvar="COURTIER_URL", help="The gateway.")]
Email = Annotated[str, typer.Option(envvar="COURTIER_EMAIL", help="An account that may do this.")]
Password = Annotated[str, typer.Option(envvar="COURTIER_PASSWORD", help="Its password.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
GATEWAY = "http://127.0.0.1:8080"
console = Console()


def run(url: str, email: str, password: str, act: Callable[[Api], Awaitable[Any]]) -> Any:
    """Return what signed-in calls answered. Ends the program with a sentence where the answer is no, or none comes."""

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


def printed(answer: Any, as_json: bool, drawn: Callable[[Any], Any]) -> None:
    """Print an answer, drawn for people or as JSON for programs."""
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False, default=str))
    else:
        console.print(drawn(answer))
