"""The door of the one-row chain: a FastAPI route that asks over NATS and passes the bytes on, and nothing else."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import nats
from fastapi import FastAPI, Response

nc: Any = None


@asynccontextmanager
async def _live(_: FastAPI) -> AsyncIterator[None]:
    global nc
    nc = await nats.connect(os.environ["BENCH_NATS"])
    yield
    await nc.close()


app = FastAPI(lifespan=_live, openapi_url=None)


@app.get("/rows/{number}")
async def row(number: int) -> Response:
    """Answer with a row."""
    answer = await nc.request("bench.row", str(number).encode(), timeout=5)
    return Response(answer.data, media_type="application/json")
