"""The mailbox over HTTP: a page for people, JSON for tests."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from devstack.mailbox.letters import Letters

HEADERS = {  # a letter's HTML is shown in a sandboxed frame; nothing in it runs, loads or leaves
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def create_app(letters: Letters) -> Starlette:
    """Return the app that shows these letters."""
    templates = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
    template = templates.get_template("page.html.j2")

    async def page(request: Request) -> Response:
        to = request.query_params.get("to") or None
        opened = letters.get(int(request.path_params["number"])) if "number" in request.path_params else None
        found = letters.find(to)[::-1]
        return HTMLResponse(template.render(letters=found, opened=opened, to=to or ""), headers=HEADERS)

    async def listing(request: Request) -> Response:
        if request.method == "DELETE":
            letters.clear()
            return Response(status_code=204)
        query = request.query_params
        return JSONResponse([letter.to_dict() for letter in letters.find(query.get("to"), query.get("message_id"))])

    async def single(request: Request) -> Response:
        letter = letters.get(int(request.path_params["number"]))
        if letter is None:
            return JSONResponse({"detail": "No such message; GET /messages lists them."}, status_code=404)
        return JSONResponse(letter.to_dict())

    async def alive(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    return Starlette(
        routes=[
            Route("/", page),
            Route("/letters/{number:int}", page),
            Route("/messages", listing, methods=["GET", "DELETE"]),
            Route("/messages/{number:int}", single),
            Route("/livez", alive),
            Route("/readyz", alive),
        ]
    )
