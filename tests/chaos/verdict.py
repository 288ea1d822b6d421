"""After the storm: is every acknowledged order there, once, with its stock, its commission and its mails?"""

import asyncio
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import httpx

from courtier.client import Api
from shared.contracts.registry import owners
from tests.chaos.workload import SKUS, History, Placed

CENT = Decimal("0.01")
COMMISSION, OVERRIDE = Decimal(5), Decimal(10)  # percents of the demo team


@dataclass
class Verdict:
    """Sentences for what is wrong, and figures for what is not."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    mails: int = 0
    repeated_mails: int = 0

    @classmethod
    def of(cls, history: History) -> "Verdict":
        """Begin with what the answers tell by themselves."""
        return cls(wrong=list(history.broken))

    @property
    def clean(self) -> bool:
        """Tell whether nothing was lost, doubled or wrong."""
        return not (self.lost or self.doubled or self.wrong)


async def quiet(admin: Api, seconds: float) -> float | None:
    """Wait until every event is published and applied and every job done; return how long, None when it never was."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    while loop.time() - begun < seconds:
        try:
            states = [await admin.get(f"/v1/operations/{service}/status") for service in owners()]
        except Exception:  # the house is still getting up
            await asyncio.sleep(0.5)
            continue
        if all(_still(state, states) for state in states):
            return loop.time() - begun
        await asyncio.sleep(0.5)
    return None


def _still(state: dict[str, Any], states: list[dict[str, Any]]) -> bool:
    said = {one["service"]: one["relay"]["last_seq"] for one in states}
    relay = state["relay"]
    told = relay["published_seq"] == relay["last_seq"] and not relay["oldest_unsent_seconds"]
    heard = all(cursor["seq"] >= said[cursor["producer"]] for cursor in state["cursors"])
    return bool(told and heard and not state["jobs_due"])


async def judge(admin: Api, history: History, mailbox: str, before: dict[str, float]) -> Verdict:
    """Compare the house with what its callers were told."""
    verdict = Verdict.of(history)
    orders = [one async for one in admin.every("/v1/orders")]
    _orders(verdict, history, orders)
    await _stock(verdict, admin, history, before)
    await _commissions(verdict, admin, history)
    await _mails(verdict, admin, history, mailbox)
    for service in owners():
        drifts = (await admin.get(f"/v1/operations/{service}/drift"))["drifts"]
        verdict.wrong += [f"{service}: {one['check']}: {one['detail']}" for one in drifts]
    return verdict


def _orders(verdict: Verdict, history: History, orders: list[dict[str, Any]]) -> None:
    ours = [one for one in orders if one["reference"] in history.references]
    by_id = {one["id"]: one for one in ours}
    for reference, times in Counter(one["reference"] for one in ours).items():
        if times > 1:
            verdict.doubled.append(f"{times} orders for {reference}")
    for order in history.placed.values():
        found = by_id.get(order.id)
        if found is None:
            verdict.lost.append(f"order {order.number} was acknowledged and is not there")
        elif (found["payment_status"] == "paid") != order.paid or (found["status"] == "cancelled") != order.cancelled:
            verdict.wrong.append(f"order {order.number} is {found['status']}, {found['payment_status']}")
    verdict.wrong += [
        f"order {one['number']} stands, unacknowledged" for one in ours if one["id"] not in history.placed
    ]


async def stock(admin: Api) -> dict[str, float]:
    """Return how many of each SKU are left."""
    return {sku: (await admin.get("/v1/stock", sku=sku))["items"][0]["available"] for sku in SKUS}


async def _stock(verdict: Verdict, admin: Api, history: History, before: dict[str, float]) -> None:
    taken: Counter[str] = Counter()
    for order in history.placed.values():
        taken.update({} if order.cancelled else order.lines)
    for sku, left in (await stock(admin)).items():
        gap = before[sku] - taken[sku] - left
        if gap:
            (verdict.doubled if gap > 0 else verdict.lost).append(f"{gap:+} of {sku} held beyond its orders")


async def _commissions(verdict: Verdict, admin: Api, history: History) -> None:
    found: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    amounts: dict[tuple[str, int, str], Decimal] = {}
    async for entry in admin.every("/v1/commissions"):
        found[entry["order_id"], entry["level"]][entry["kind"]] += 1
        amounts[entry["order_id"], entry["level"], entry["kind"]] = Decimal(entry["amount"]["amount"])
    for order in history.placed.values():
        own = _percent(Decimal(order.net), COMMISSION)
        for level, amount in enumerate((own, _percent(own, OVERRIDE))):
            if amount:
                _entries(verdict, order, level, amount, found[order.id, level], amounts)


def _entries(
    verdict: Verdict,
    order: Placed,
    level: int,
    amount: Decimal,
    kinds: Counter[str],
    amounts: dict[tuple[str, int, str], Decimal],
) -> None:
    expected = {"accrued"} | ({"earned"} if order.paid else set())
    expected |= {"reversed" if order.paid else "cancelled"} if order.cancelled else set()
    where = f"order {order.number}, level {level}"
    verdict.lost += [f"{where}: no {kind} entry" for kind in expected - set(kinds)]
    verdict.doubled += [f"{where}: {times} {kind} entries" for kind, times in kinds.items() if times > 1]
    verdict.wrong += [f"{where}: {kind} without cause" for kind in set(kinds) - expected]
    for kind in set(kinds) & expected:
        if abs(amounts[order.id, level, kind]) != amount:
            verdict.wrong.append(f"{where}: {kind} {amounts[order.id, level, kind]}, not {amount}")


async def _mails(verdict: Verdict, admin: Api, history: History, mailbox: str) -> None:
    """Compare, per order and kind, what was promised with the delivery log, and that with what a mail server took."""
    async with httpx.AsyncClient() as http:
        taken = Counter(one["message_id"] for one in (await http.get(f"{mailbox}/messages")).json())
    logged = [mail async for mail in admin.every("/v1/mails")]
    ours = [mail for mail in logged if mail["order_id"] in history.placed]
    found = Counter((mail["order_id"], mail["kind"]) for mail in ours)
    expected = {(order.id, kind) for order in history.placed.values() for kind in _kinds(order)}
    verdict.lost += [f"no {kind} mail of order {order}" for order, kind in expected - set(found)]
    verdict.lost += [f"mail {mail['id']} never left" for mail in ours if mail["message_id"] not in taken]
    verdict.doubled += [f"{times} {kind} mails of order {order}" for (order, kind), times in found.items() if times > 1]
    verdict.wrong += [f"a {kind} mail of order {order}" for order, kind in set(found) - expected]
    verdict.wrong += [f"mail {id_} is in no log" for id_ in set(taken) - {mail["message_id"] for mail in logged}]
    sent = [taken[mail["message_id"]] for mail in ours]
    verdict.mails, verdict.repeated_mails = len(sent), sum(times - 1 for times in sent if times)


def _kinds(order: Placed) -> set[str]:
    """Return the kinds of mail an order's life has called for, each once."""
    paid = {"payment_received"} if order.paid else set()
    cancelled = {"order_cancelled"} if order.cancelled else set()
    return {"order_placed", "agent_order_placed"} | paid | cancelled


def _percent(amount: Decimal, percent: Decimal) -> Decimal:
    return (amount * percent / 100).quantize(CENT, ROUND_HALF_UP)
