"""What every message of the published language must be."""

import re
from pathlib import Path
from typing import Any

import pytest

from deploy.permissions import TARGET, document
from shared.contracts.base import ANY_SERVICE, Event, Message, Request
from shared.contracts.registry import load_contracts, owners
from shared.kernel.problems import Problem

load_contracts()
MESSAGES = sorted(Message.registry.items())
REQUESTS = [message for _, message in MESSAGES if issubclass(message, Request)]
EVENTS = [message for _, message in MESSAGES if issubclass(message, Event)]
ROOT = Path(__file__).parents[2]
PAST = ("ed", "Paid", "Sent", "Told", "RanLow", "RanOut", "CameBack")


def named(message: type[Message]) -> str:
    return message.__name__


@pytest.mark.parametrize("message", [message for _, message in MESSAGES], ids=named)
def test_every_message_says_what_it_does_in_one_sentence(message: type[Message]) -> None:
    assert message.__doc__
    assert message.__doc__.strip().splitlines()[0].endswith((".", ";"))


@pytest.mark.parametrize("event", EVENTS, ids=named)
def test_events_are_told_in_the_past_tense(event: type[Event]) -> None:
    assert event.__name__.endswith(PAST)


@pytest.mark.parametrize("event", EVENTS, ids=named)
def test_events_carry_the_version_of_their_aggregate(event: type[Event]) -> None:
    root, _, _ = event.aggregate.partition(".")
    snapshot: Any = event.model_fields[root].annotation

    assert {"id", "version"} <= set(snapshot.model_fields)


@pytest.mark.parametrize("request_", REQUESTS, ids=named)
def test_requests_name_who_may_ask(request_: type[Request[Any]]) -> None:
    assert request_.allow
    assert request_.asked_by <= {*owners(), ANY_SERVICE, "gateway"}
    assert request_.subject.startswith(f"rpc.{request_.owner}.")


def test_problems_are_sentences_for_people() -> None:
    for problem in Problem.registry.values():
        assert problem.__doc__, problem.__name__
        assert problem.__doc__.strip().endswith("."), problem.__name__


def test_the_permissions_of_nats_are_what_the_contracts_say() -> None:
    assert TARGET.read_text() == document(), "run: python -m deploy.permissions"


def test_the_noun_of_every_view_is_in_the_glossary() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text().lower()
    views = {reply for request in REQUESTS for reply in (request.reply_type(),) if reply.__name__.endswith("View")}
    nouns = {re.sub(r"(?<!^)(?=[A-Z])", " ", view.__name__.removesuffix("View")).lower() for view in views}

    assert {noun for noun in nouns if f"**{noun}**" not in glossary} == set()
