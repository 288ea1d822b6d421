"""Where a house stands: what every service has said and heard, and whether all of it is done."""

from typing import Any

from shared.contracts.registry import owners
from shared.testing import eventually

# Who handles whose events.
HEARS: dict[str, set[str]] = {
    "catalog": {"agents", "customers", "orders"},
    "customers": {"agents"},
    "orders": {"agents", "customers"},
    "agents": {"orders"},
    "identity": set(),
    "notifications": {"agents", "orders"},
}


async def states(shop: Any) -> dict[str, dict[str, Any]]:
    """Return what each service says of its part of the bus."""
    return {service: await shop.people["admin"].get(f"/v1/operations/{service}/status") for service in owners()}


async def quiet(shop: Any, within: float = 60.0) -> None:
    """Wait until every event is told and heard and every job done."""

    async def still() -> None:
        found = await states(shop)
        said = {name: state["relay"]["last_seq"] for name, state in found.items()}
        assert {name: state["relay"]["published_seq"] for name, state in found.items()} == said
        for state in found.values():
            assert all(cursor["seq"] == said[cursor["producer"]] for cursor in state["cursors"])
            assert not state["jobs_due"]

    await eventually(still, within)


async def drifts(shop: Any) -> list[dict[str, Any]]:
    """Return every invariant, of any service, that does not hold."""
    found: list[dict[str, Any]] = []
    for service in owners():
        found += (await shop.people["admin"].get(f"/v1/operations/{service}/drift"))["drifts"]
    return found
