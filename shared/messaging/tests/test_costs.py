"""What an event costs in SQL statements, and that the bus measures itself."""

from collections.abc import Mapping

from prometheus_client import REGISTRY

from shared.messaging import invariants
from shared.messaging.tests.stage import LISTENER, SAYER, Stage, until
from shared.messaging.watch import Watch


def sent() -> Mapping[str, float]:
    counter = "courtier_sql_statements_total"
    return {part: REGISTRY.get_sample_value(counter, {"scope": part}) or 0.0 for part in ("relay", "pump")}


def value(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, labels)


async def test_events_that_come_alone_cost_three_statements_with_their_effect(stage: Stage) -> None:
    _, pump = await stage.relay(), await stage.pump()
    await stage.say(1)
    await stage.all_is_heard()
    before, alone = sent(), 20

    for seq in range(2, 2 + alone):
        await stage.say(1)
        await until(lambda seq=seq: pump.status.seq == seq)  # type: ignore[misc]

    # One to number and fetch; one effect and one to move the cursor; and a beat of each now and then.
    assert sent()["relay"] - before["relay"] <= alone * 1.5
    assert sent()["pump"] - before["pump"] <= alone * 2.5


async def test_a_backlog_costs_one_statement_for_each_effect_and_few_besides(stage: Stage) -> None:
    relay = await stage.relay()
    await stage.say_together(1_000)
    before = sent()
    await until(lambda: relay.status.published_seq == 1_000)
    assert sent()["relay"] - before["relay"] < 20

    before = sent()
    await stage.pump()
    await stage.all_is_heard()
    assert sent()["pump"] - before["pump"] < 1_050


async def test_the_watch_shows_where_the_bus_stands(stage: Stage) -> None:
    relay, pump = await stage.relay(), await stage.pump()
    await stage.say(3)
    await stage.all_is_heard()
    await until(lambda: pump.status.seq == 3)
    insert = "INSERT INTO jobs (kind, key, payload, failed_at) VALUES ('Letter', 'Letter:1', '{}', now())"
    await stage.rows(stage.listener, insert)
    leads = True
    stage.start(Watch(LISTENER, stage.sessions(), lambda: leads, invariants_every=0.05).run())

    await until(lambda: value("courtier_drift", service=LISTENER, check="no_job_was_given_up") == 1)
    assert value("courtier_jobs_failed", service=LISTENER) == 1
    assert value("courtier_parked_events", service=LISTENER) == 0
    assert value("courtier_drift", service=LISTENER, check="outbox_has_no_hole") == 0
    assert value("courtier_pump_lag", service=LISTENER, producer=SAYER) == 0
    assert value("courtier_published_seq", service=SAYER) == relay.status.published_seq
    assert value("courtier_leading", service=LISTENER, seat=f"pump:{SAYER}") == 1

    leads = False
    await until(lambda: value("courtier_drift", service=LISTENER, check="no_job_was_given_up") == 0)
    assert len(invariants.kept_by(LISTENER)) == 5
