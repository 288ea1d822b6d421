"""What NATS lets each service do: what the contracts say and nothing else, tried from its own user."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import nats
import nats.errors
import pytest
from nats.aio.client import Client

from shared.contracts.base import Message, Request
from shared.contracts.registry import owners
from shared.messaging.places import Place
from shared.messaging.reader import StreamReader
from shared.messaging.topology import stream_name
from shared.testing import eventually
from tests.integration.answers import sold
from tests.integration.standing import HEARS, quiet

SERVICES = owners()
USERS = (*SERVICES, "gateway")
REQUESTS: list[type[Request[Any]]] = [one for one in Message.registry.values() if issubclass(one, Request)]
CARE = ("CREATE", "UPDATE", "DELETE", "PURGE", "MSG.DELETE", "SNAPSHOT", "RESTORE", "LEADER.STEPDOWN", "PEER.REMOVE")
# Identity tells everybody whose account was closed; the gateway passes all events on.
READS = {user: heard | {"identity"} for user, heard in HEARS.items()} | {"gateway": set(SERVICES)}
LOOKS = ("STREAM.INFO.{}", "STREAM.MSG.GET.{}")  # an owner may, too
FOLLOWS = ("CONSUMER.CREATE.{}", "CONSUMER.MSG.NEXT.{}.any")
NOBODY_READS_SO = (
    "DIRECT.GET.{}",
    "DIRECT.GET.{}.events.any",
    "CONSUMER.CREATE.{}.any",
    "CONSUMER.CREATE.{}.any.events.any",
    "CONSUMER.DURABLE.CREATE.{}.any",
    "CONSUMER.INFO.{}.any",
    "CONSUMER.LIST.{}",
    "CONSUMER.NAMES.{}",
    "CONSUMER.DELETE.{}.any",
    "CONSUMER.PAUSE.{}.any",
    "CONSUMER.LEADER.STEPDOWN.{}.any",
)
REFUSED = re.compile(r'permissions violation for (publish|subscription) to "([^"]+)"')
LAST = {"publish": "nobody.says", "subscription": "nobody.hears"}


def others(user: str) -> list[str]:
    return [service for service in SERVICES if service != user]


@asynccontextmanager
async def connected(shop: Any, user: str, refused: list[tuple[str, ...]]) -> AsyncIterator[Client]:
    """Connect as a user; what the broker refuses is put on the list, in the client's lower case."""

    async def note(error: Exception) -> None:
        refused.extend(REFUSED.findall(str(error)))

    nc = await nats.connect(
        shop.house.nats.url,
        user=user,
        password=shop.house.nats.password(user),
        inbox_prefix=f"_INBOX_{user}",
        error_cb=note,
        allow_reconnect=False,
    )
    try:
        yield nc
    finally:
        await nc.close()


async def publishing(shop: Any, user: str, subjects: Iterable[str]) -> set[str]:
    """Publish nothing on each of these subjects as a user; return those that were refused."""
    refused: list[tuple[str, ...]] = []
    async with connected(shop, user, refused) as nc:
        for subject in (*subjects, LAST["publish"]):
            await nc.publish(subject, b"")
        return await among(subjects, refused, "publish")


async def hearing(shop: Any, user: str, subjects: Iterable[tuple[str, str]]) -> set[str]:
    """Subscribe to each of these subjects, in a queue group where one is named; return those that were refused."""
    refused: list[tuple[str, ...]] = []
    async with connected(shop, user, refused) as nc:
        for subject, queue in (*subjects, (LAST["subscription"], "")):
            await nc.subscribe(subject, queue=queue)
        return await among([subject for subject, _ in subjects], refused, "subscription")


async def among(subjects: Iterable[str], refused: list[tuple[str, ...]], kind: str) -> set[str]:
    """Return which of these subjects were refused, once the one tried last was: the broker answers in order."""

    async def all_answered() -> None:
        assert (kind, LAST[kind]) in refused

    await eventually(all_answered)
    return {subject for subject in subjects if (kind, subject.lower()) in refused}


def addresses(request: type[Request[Any]]) -> list[str]:
    """Return where a request is sent: to its owner, or to each service where every one answers it."""
    asked = SERVICES if request.owner == "*" else (request.owner,)
    return [f"rpc.{service}.{request.subject.split('.', 2)[2]}" for service in asked]


def may_ask(user: str, request: type[Request[Any]]) -> bool:
    return user in request.asked_by or ("*" in request.asked_by and user in SERVICES)


@pytest.mark.parametrize("user", USERS)
async def test_a_service_asks_what_it_may_and_nothing_else(shop: Any, user: str) -> None:
    allowed = {address for one in REQUESTS if may_ask(user, one) for address in addresses(one)}
    foreign = {address for one in REQUESTS if not may_ask(user, one) for address in addresses(one)}
    unheard_of = {f"rpc.{service}.drop_everything.v1" for service in SERVICES}

    # Empty, so that what may be asked is asked for nothing: its owner finds it malformed.
    refused = await publishing(shop, user, sorted(allowed | foreign | unheard_of))

    assert refused == foreign | unheard_of


@pytest.mark.parametrize("user", USERS)
async def test_a_service_says_nothing_in_anothers_name(shop: Any, user: str) -> None:
    events = {one.subject for one in Message.registry.values() if one.prefix == "events" and one.owner != user}
    subjects = events | {f"events.{other}.anything.v1" for other in others(user)} | {"events.x", "anything", "$SYS.x"}

    assert await publishing(shop, user, sorted(subjects)) == subjects


@pytest.mark.parametrize("user", USERS)
async def test_a_service_hears_its_own_requests_and_its_own_answers_and_nothing_else(shop: Any, user: str) -> None:
    own = [(f"_INBOX_{user}.test.>", "")]
    if user != "gateway":
        own.append((f"rpc.{user}.anything.v1", user))
    foreign = [
        (">", ""),
        ("*.>", ""),
        ("rpc.>", user),
        ("events.>", ""),
        ("$JS.>", ""),
        ("$SYS.>", ""),
        ("_INBOX.>", ""),
        *((f"_INBOX_{other}.>", "") for other in USERS if other != user),
        *((f"rpc.{other}.>", queue) for other in others(user) for queue in ("", user, other)),
        *((f"events.{service}.>", "") for service in SERVICES),  # streams are read by pulling
        (f"rpc.{user}.get.v1", ""),  # its own requests, yet outside of its queue group: it would hear them all
    ]

    assert await hearing(shop, user, own) == set()
    assert await hearing(shop, user, foreign) == {subject for subject, _ in foreign}


@pytest.mark.parametrize("user", USERS)
async def test_no_service_touches_a_stream_but_to_create_its_own(shop: Any, user: str) -> None:
    subjects = {f"$JS.API.STREAM.{verb}.{stream_name(other)}" for verb in CARE for other in others(user)}
    subjects |= {f"$JS.API.STREAM.{verb}.{stream_name(user)}" for verb in CARE if verb != "CREATE"}
    subjects |= {"$JS.API.STREAM.CREATE.SPIES", "$JS.API.ACCOUNT.PURGE.$G", "$JS.API.SERVER.REMOVE"}

    assert await publishing(shop, user, sorted(subjects)) == subjects


def asking(questions: Iterable[str], services: Iterable[str]) -> set[str]:
    return {f"$JS.API.{question.format(stream_name(service))}" for service in services for question in questions}


@pytest.fixture(scope="module")
async def told(shop: Any) -> None:
    """Have every service say something."""
    await sold(shop)
    await sold(shop)
    await quiet(shop)


@pytest.mark.parametrize("user", USERS)
@pytest.mark.usefixtures("told")
async def test_a_service_reads_the_streams_whose_events_it_hears(shop: Any, user: str) -> None:
    refused: list[tuple[str, ...]] = []
    async with connected(shop, user, refused) as nc:
        for producer in READS[user]:
            reader = StreamReader(nc, producer, Place(seq=1))
            arrivals = await reader.read(within=5.0)
            assert [arrival.seq for arrival in arrivals[:1]] == [2], reader.trouble
            await reader.close()
    assert refused == []


@pytest.mark.parametrize("user", USERS)
async def test_a_service_reads_no_other_stream_and_in_no_other_way(shop: Any, user: str) -> None:
    unheard = [service for service in SERVICES if service not in READS[user]]
    subjects = asking(FOLLOWS, unheard) | asking(LOOKS, (name for name in unheard if name != user))
    subjects |= asking(NOBODY_READS_SO, SERVICES) | {"$JS.API.INFO", "$JS.API.STREAM.LIST", "$JS.ACK.any"}

    assert await publishing(shop, user, sorted(subjects)) == subjects


@pytest.mark.parametrize("login", [{}, {"user": "orders"}, {"user": "orders", "password": "guessed"}, {"token": "any"}])
async def test_nobody_connects_without_the_password_of_a_service(shop: Any, login: dict[str, str]) -> None:
    async def silent(_: Exception) -> None:
        """Say nothing: the refusal is what is looked for."""

    with pytest.raises((nats.errors.Error, asyncio.TimeoutError), match=r"(?i)authorization"):
        await nats.connect(
            shop.house.nats.url, **login, allow_reconnect=False, max_reconnect_attempts=0, error_cb=silent
        )
