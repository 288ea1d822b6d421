"""The few questions we ask JetStream, in its own JSON API."""

import base64
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nats.aio.client import Client
from nats.errors import Error as NatsError

from shared.messaging.patience import heed_stop

API = "$JS.API"
SECONDS = 1.0  # to wait for an answer
NO_STREAM, NO_MESSAGE = 10059, 10037
SEQ_HEADER = "X-Seq"


class NotConnected(NatsError):
    """The broker is not connected, or was not for a moment."""


class JetStreamError(NatsError):
    """JetStream refused; `code` is its err_code, 0 where it gave none."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(f"{description} ({code})")
        self.code = code


@dataclass(frozen=True, slots=True)
class StreamState:
    """Where a stream stands. `created` tells one life of a stream from the next."""

    created: str
    first_seq: int
    last_seq: int
    messages: int
    size: int  # bytes
    config: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stored:
    """A message as the stream keeps it; `seq` is the number its producer gave it, None on a foreign message."""

    seq: int | None
    stream_seq: int
    body: bytes


def need_connection(nc: Client) -> None:
    """Raise NotConnected rather than let the client buffer what must not be sent late."""
    if not nc.is_connected:
        raise NotConnected("the broker is not connected")


def gravity(nc: Client, error: Exception) -> int:
    """Return how a log takes a trouble with the broker."""
    if isinstance(error, NotConnected) or not nc.is_connected:
        return logging.DEBUG  # the connection itself logs that it is lost, once for all who use it
    absent = isinstance(error, JetStreamError) and error.code == NO_STREAM
    return logging.INFO if absent else logging.ERROR  # at a first start a listener may be up before the owner is


async def call(nc: Client, operation: str, question: Any = None, headers: dict[str, str] | None = None) -> Any:
    """Return JetStream's answer. Raises JetStreamError for a refusal, nats.errors.Error when there is none."""
    return await send(nc, f"{API}.{operation}", json.dumps(question).encode() if question else b"", headers)


async def send(nc: Client, subject: str, body: bytes, headers: dict[str, str] | None) -> Any:
    """Send one message that JetStream itself answers, and return the answer."""
    need_connection(nc)
    reply = await nc.request(subject, body, timeout=SECONDS, headers=headers)
    heed_stop()
    answer = json.loads(reply.data)
    if error := answer.get("error"):
        raise JetStreamError(error.get("err_code", 0), error.get("description", "refused"))
    return answer


def read_state(answer: Mapping[str, Any]) -> StreamState:
    """Return the state in an answer about a stream."""
    state = answer["state"]
    return StreamState(
        created=answer["created"],
        first_seq=state["first_seq"],
        last_seq=state["last_seq"],
        messages=state["messages"],
        size=state["bytes"],
        config=answer["config"],
    )


async def stream_state(nc: Client, stream: str) -> StreamState:
    """Return where a stream stands. Raises JetStreamError with code NO_STREAM where there is none."""
    return read_state(await call(nc, f"STREAM.INFO.{stream}"))


async def stored(nc: Client, stream: str, stream_seq: int) -> Stored | None:
    """Return one message of a stream, or None where it is gone or was never there."""
    try:
        answer = await call(nc, f"STREAM.MSG.GET.{stream}", {"seq": stream_seq})
    except JetStreamError as error:
        if error.code == NO_MESSAGE:
            return None
        raise
    message = answer["message"]
    headers = _headers(base64.b64decode(message.get("hdrs", "")))
    return Stored(read_seq(headers), message["seq"], base64.b64decode(message.get("data", "")))


def read_seq(headers: Mapping[str, str] | None) -> int | None:
    """Return the producer's number of a message, or None where it carries none that makes sense."""
    text = (headers or {}).get(SEQ_HEADER, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _headers(block: bytes) -> dict[str, str]:
    lines = block.decode(errors="replace").split("\r\n")[1:]
    return {name.strip(): value.strip() for name, found, value in (line.partition(":") for line in lines) if found}
