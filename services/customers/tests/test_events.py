from uuid import UUID

import pytest
from sqlalchemy import select

from services.customers.handlers.events import keep_changed_agent, keep_registered_agent, keep_sales_rules
from services.customers.models import Group, KnownAgent, SalesRules
from services.customers.tests.conftest import Desk
from services.customers.tests.test_commands import seller
from shared.contracts.agents.agents import AgentChanged, AgentRegistered
from shared.contracts.agents.settings import SalesSettings, SalesSettingsChanged
from shared.contracts.base import Envelope, Event
from shared.contracts.customers.groups import GroupCreated, GroupSnapshot
from shared.kernel.ids import derived_id, new_id
from shared.messaging.handler import Handler
from shared.messaging.tables import OutboxRow

NANCY, SHOP = new_id(), new_id()


def told(serve_all: bool, version: int) -> SalesSettingsChanged:
    settings = SalesSettings(id=SHOP, version=version, agents_serve_all=serve_all, attribution=[])
    return SalesSettingsChanged(settings=settings)


async def kept(desk: Desk) -> tuple[list[tuple[UUID, int]], list[tuple[bool, int]]]:
    session = desk.work_as().session
    agents = (await session.execute(select(KnownAgent.id, KnownAgent.version))).all()
    rules = (await session.execute(select(SalesRules.agents_serve_all, SalesRules.version))).all()
    return [tuple(row) for row in agents], [tuple(row) for row in rules]


@pytest.mark.parametrize(
    ("handler", "event"),
    [
        (keep_registered_agent, AgentRegistered(agent=seller(NANCY).agent)),
        (keep_changed_agent, AgentChanged(agent=seller(NANCY).agent)),
        (keep_sales_rules, told(True, 2)),
    ],
)
async def test_an_event_heard_twice_changes_nothing_more(desk: Desk, handler: Handler, event: Event) -> None:
    await desk(handler, event)
    once = await kept(desk)
    await desk(handler, event)

    assert await kept(desk) == once
    assert desk.emitted == []


async def test_older_news_never_replaces_newer(desk: Desk) -> None:
    await desk(keep_sales_rules, told(True, 3))
    await desk(keep_sales_rules, told(False, 2))
    await desk(keep_changed_agent, AgentChanged(agent=seller(NANCY).agent))
    older = seller(NANCY).agent.model_copy(update={"version": 1})
    await desk(keep_registered_agent, AgentRegistered(agent=older))

    assert await kept(desk) == ([(NANCY, 3)], [(True, 3)])


async def test_a_fresh_database_tells_of_each_built_in_group_once(desk: Desk) -> None:
    session = desk.work_as().session
    groups = {group.id: group for group in await session.scalars(select(Group).where(Group.built_in))}
    rows = (await session.scalars(select(OutboxRow).order_by(OutboxRow.id))).all()
    envelopes = [Envelope.read(row.body) for row in rows]

    assert set(groups) == {derived_id("customers.group", code) for code in ("visitor", "guest", "customer")}
    assert len(envelopes) == 3
    for row, envelope in zip(rows, envelopes, strict=True):
        event = envelope.event()
        assert event == GroupCreated(group=GroupSnapshot.model_validate(groups[row.aggregate_id]))
        assert (row.subject, row.event_id) == (GroupCreated.subject, envelope.id)
        assert (envelope.producer, envelope.aggregate_version) == ("customers", 1)
