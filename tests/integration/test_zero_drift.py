"""After everything else was tried on the one house: nobody stumbled, nothing drifted, NATS refused nobody."""

from typing import Any

from devstack import measured
from devstack.services import PROCESSES
from tests.integration.logs import lines
from tests.integration.standing import drifts, quiet


async def test_no_service_stumbled(shop: Any) -> None:
    stumbles = [
        f"{service}: {line['message']}: {str(line.get('exception', ''))[-300:]}"
        for service in PROCESSES
        for line in lines(shop, service)
        if ("exception" in line or line["level"] == "CRITICAL") and "AgentChanged" not in line.get("exception", "")
    ]

    assert stumbles == []  # but for the nonsense that test_operations has agents say


async def test_nothing_drifted(shop: Any) -> None:
    await quiet(shop)

    assert await drifts(shop) == []


async def test_nats_refused_nobody_anything(shop: Any) -> None:
    assert await measured.violations(shop.house) == 0
