"""What can be wrong with a set-up, looked at from outside in: the first trouble explains those behind it."""

from dataclasses import dataclass
from typing import Any

import httpx

from courtier.client import Api, Refused
from shared.contracts.registry import owners

LATE = 30.0  # seconds


@dataclass
class Finding:
    """One thing looked at; `remedy` is a sentence when it is not well."""

    what: str
    healthy: bool
    remedy: str = ""


async def examine(url: str, email: str, password: str) -> list[Finding]:
    """Look at the gateway, then, where an account is given, at each service through it."""
    found = [await _gateway(url)]
    if not found[0].healthy or not email:
        return found
    async with Api(url) as api:
        try:
            await api.sign_in(email, password)
        except Refused as refusal:
            return [*found, Finding("sign-in", False, f"{refusal} Check COURTIER_EMAIL and COURTIER_PASSWORD.")]
        for service in owners():
            found += await _service(api, service)
    return found


async def _gateway(url: str) -> Finding:
    what = f"gateway at {url}"
    try:
        async with httpx.AsyncClient(timeout=5) as http:
            ready = (await http.get(f"{url}/readyz")).json()
    except httpx.TransportError:
        return Finding(what, False, "Nothing answers there: start it, or name its address with --url.")
    except ValueError:
        return Finding(what, False, "Something else than a gateway answers there: name the right address with --url.")
    troubles = "; ".join(f"{name}: {trouble}" for name, trouble in ready.get("troubles", {}).items())
    remedy = f"{troubles}. Check that NATS runs and that COURTIER_NATS_URL, user and password are right."
    return Finding(what, not troubles, remedy if troubles else "")


async def _service(api: Api, service: str) -> list[Finding]:
    try:
        state = await api.get(f"/v1/operations/{service}/status")
    except Refused as refusal:
        remedy = f"{refusal} See its log: database, migrations (alembic -n {service} upgrade head) and NATS user."
        return [Finding(service, False, remedy)]
    troubles = _troubles(service, state)
    return [Finding(service, not troubles, " ".join(troubles))]


def _troubles(service: str, state: dict[str, Any]) -> list[str]:
    relay, troubles = state["relay"], []
    if relay["oldest_unsent_seconds"] > LATE:
        troubles.append("Its events do not leave: check that NATS has room and that no stream was edited by hand.")
    if relay["beat_seconds"] > LATE:
        troubles.append("No replica publishes its events: restart the service and read its log.")
    for cursor in state["cursors"]:
        if cursor["beat_seconds"] > LATE:
            troubles.append(f"No replica hears {cursor['producer']}: restart the service and read its log.")
    if state["parked"]:
        troubles.append(f"{state['parked']} events are parked: `courtier parked list {service}` shows why.")
    if state["jobs_failed"]:
        troubles.append(f"{state['jobs_failed']} jobs were given up: their errors are in its jobs table and log.")
    return troubles
