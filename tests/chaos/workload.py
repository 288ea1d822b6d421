"""A steady load of placements, payments and cancellations that remembers every answer it was given."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from shared.kernel.ids import new_id

WORKERS = 6
TRY_AGAIN = {408, 429, 502, 503, 504}
SKUS = ("CAFE-1KG", "THE-100", "MIEL-500", "CHOC-70", "VIN-BDX")


@dataclass
class Placed:
    """An order the shop acknowledged. `paid` and `cancelled` are acknowledgements too."""

    id: str
    number: int
    reference: str
    customer_id: str
    total: dict[str, str]
    net: str
    lines: dict[str, int]
    paid: bool = False
    cancelled: bool = False
    busy: bool = False


@dataclass
class History:
    """What was asked and what was answered.

    `unknown`: asks whose answer never came, to be repeated at the end. `broken`: a sentence for each answer that no
    fault excuses: what fails under it is to say that it may be asked again.
    """

    placed: dict[str, Placed] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    unknown: list[Callable[[float], Awaitable[bool]]] = field(default_factory=list)
    references: set[str] = field(default_factory=set)
    answers: int = 0
    retries: int = 0


class Caller:
    """One HTTP caller that repeats an ask with the same key until it is answered for good."""

    def __init__(self, url: str, token: str, history: History) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        self.http = httpx.AsyncClient(base_url=url, headers=headers, timeout=8)
        self.history = history

    async def insist(self, path: str, body: dict[str, Any], key: str, seconds: float) -> httpx.Response | None:
        """Return the final answer, or None when there was none in time."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while loop.time() < deadline:
            try:
                answer = await self.http.post(path, json=body, headers={"Idempotency-Key": key})
            except httpx.TransportError:
                pass
            else:
                if answer.status_code not in TRY_AGAIN:
                    self.history.answers += 1
                    if answer.is_server_error:
                        self.history.broken.append(f"{path} answered {answer.status_code}: {answer.text}")
                    return answer
            self.history.retries += 1
            await asyncio.sleep(0.1)
        return None


class Workload:
    """Workers that order, pay and cancel at random until told to stop."""

    def __init__(self, agent: Caller, clerk: Caller, customers: list[str], history: History, seed: int) -> None:
        self.agent, self.clerk, self.customers, self.history = agent, clerk, customers, history
        self.random = random.Random(seed)  # the same seed, the same wishes
        self.stopping = asyncio.Event()

    async def run(self) -> None:
        """Work until `stopping` is set; every worker finishes what it began."""
        await asyncio.gather(*(self._work() for _ in range(WORKERS)))

    async def settle(self, seconds: float) -> int:
        """Repeat, with their own keys, the asks that were never answered; return how many still are not."""
        answered = [await again(seconds) for again in self.history.unknown]
        return answered.count(False)

    async def _work(self) -> None:
        while not self.stopping.is_set():
            dice = self.random.random()
            order = self._free_order()
            if order is None or dice < 0.7:
                await self._place()
            elif dice < 0.87:
                await self._once(order, self._pay)
            else:
                await self._once(order, self._cancel)

    def _free_order(self) -> Placed | None:
        free = [one for one in self.history.placed.values() if not (one.busy or one.paid or one.cancelled)]
        return self.random.choice(free) if free else None

    async def _once(self, order: Placed, act: Callable[[Placed, float], Awaitable[bool]]) -> None:
        order.busy = True
        if await act(order, 20):
            order.busy = False

    async def _place(self) -> None:
        lines = {sku: self.random.randint(1, 3) for sku in self.random.sample(SKUS, self.random.randint(1, 3))}
        reference, key = f"chaos-{new_id()}", str(new_id())
        self.history.references.add(reference)
        body = {
            "customer_id": self.random.choice(self.customers),
            "reference": reference,
            "lines": [{"sku": sku, "quantity": quantity} for sku, quantity in lines.items()],
        }

        async def ask(seconds: float) -> bool:
            answer = await self.agent.insist("/v1/orders", body, key, seconds)
            if answer is None:
                return False
            self._note(answer, lines, reference, str(body["customer_id"]))
            return True

        if not await ask(20):
            self.history.unknown.append(ask)

    def _note(self, answer: httpx.Response, lines: dict[str, int], reference: str, customer_id: str) -> None:
        if answer.status_code != 201:
            self.history.refused[answer.json().get("code", str(answer.status_code))] += 1
            return
        order = answer.json()
        self.history.placed[order["id"]] = Placed(
            order["id"], order["number"], reference, customer_id, order["total"], order["net"]["amount"], lines
        )

    async def _pay(self, order: Placed, seconds: float) -> bool:
        transfer = {"amount": order.total, "value_date": "2026-11-20", "reference": f"VIR {order.number}"}
        return await self._act(order, "payments", transfer, "paid", seconds)

    async def _cancel(self, order: Placed, seconds: float) -> bool:
        return await self._act(order, "cancellation", {"reason": "chaos"}, "cancelled", seconds)

    async def _act(self, order: Placed, noun: str, body: dict[str, Any], mark: str, seconds: float) -> bool:
        key = f"{noun}-{order.id}"

        async def ask(patience: float) -> bool:
            answer = await self.clerk.insist(f"/v1/orders/{order.id}/{noun}", body, key, patience)
            if answer is None:
                return False
            if answer.is_success:
                setattr(order, mark, True)
            else:
                self.history.refused[answer.json().get("code", str(answer.status_code))] += 1
            return True

        if await ask(seconds):
            return True
        self.history.unknown.append(ask)
        return False
