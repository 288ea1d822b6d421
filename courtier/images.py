"""Pictures of products, from files of this machine."""

from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer

from courtier import show
from courtier.calling import GATEWAY, Email, Json, Password, Url, printed, run
from courtier.client import Api, Refused

app = typer.Typer(no_args_is_help=True, help="Pictures of products.")


@app.callback()
def pictures() -> None:
    """Pictures of products."""


@app.command("add")
def add_file(
    sku: str,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    email: Email,
    password: Password,
    fr: Annotated[str, typer.Option(help="What it shows, in French.")] = "",
    en: Annotated[str, typer.Option(help="What it shows, in English.")] = "",
    url: Url = GATEWAY,
    as_json: Json = False,
) -> None:
    """Put the picture in a file behind the others of a SKU's product."""
    alt = {locale: said for locale, said in (("fr", fr), ("en", en)) if said}
    added = run(url, email, password, lambda api: add(api, sku, file, alt))
    printed(added, as_json, lambda answer: show.images(sku, answer))


async def add(api: Api, sku: str, file: Path, alt: dict[str, str]) -> dict[str, Any]:
    """Upload a file and put its picture behind the others of a SKU's product; return all of them.

    `alt` says by locale what it shows. Raises Refused where there is no such SKU, or no picture in the file.
    """
    products = (await api.get("/v1/product-sheets", sku=sku))["items"]
    if not products:
        raise Refused(f"There is no SKU {sku}; look for it with GET /v1/product-sheets?q=….")
    upload = await api.upload(file, str(uuid4()))
    body = {"upload_id": upload["id"], "alt": alt}
    return await api.create(f"/v1/products/{products[0]['id']}/images", str(uuid4()), body)
