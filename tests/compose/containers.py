"""What every container must be: its own service and nothing more, without rights, quick to leave, back by itself."""

import asyncio
import json
import time
from collections import Counter
from pathlib import Path

from docker.models.containers import Container
from prometheus_client.parser import text_string_to_metric_families

from devstack.services import PROCESSES
from tests.compose.project import SERVERS, Project, said

READ_METRICS = """
import os, urllib.request as u
shown = {"Authorization": "Bearer " + os.environ.get("COURTIER_METRICS_TOKEN", "")}
print(u.urlopen(u.Request("http://127.0.0.1:8000/metrics", headers=shown), timeout=5).read().decode())
"""
UNPRIVILEGED = "id -u; sed -n 's/^CapEff:\t//p' /proc/self/status; touch /srv/x 2>&1 | grep -o Read-only"
OURS, VIOLATIONS = "courtier_", "courtier_nats_violations_total"


def holding_too_much(project: Project) -> list[str]:
    """Return what an image of a service holds under /srv beside shared/ and the service itself."""
    troubles = []
    for service in PROCESSES:
        found = _run(project.replicas(service)[0], "find . -not -name __pycache__ -not -path '*/__pycache__/*'").split()
        paths = [Path(line) for line in found]
        top = {
            "/".join(path.parts[:2]) if path.parts[:1] == ("services",) else str(Path(*path.parts[:1]))
            for path in paths
        }
        own = {".", "alembic.ini", "shared", "services", "services/__init__.py", f"services/{service}"}
        troubles += [f"{service} holds {extra}" for extra in sorted(top - own)]
        troubles += [f"{service} lacks {absent}" for absent in sorted(own - top)]
        troubles += [f"{service} holds tests: {path}" for path in paths if "tests" in path.parts][:1]
    return troubles


def too_powerful(project: Project) -> list[str]:
    """Return which containers run as root, may write their files or hold a capability."""
    troubles = []
    for container in project.containers((*PROCESSES, "mailbox")):
        said = _run(container, UNPRIVILEGED).split()
        if said != ["10001", "0" * 16, "Read-only"]:
            troubles.append(f"{container.name} says of itself: {' '.join(said)}")
    for container in project.containers(SERVERS):
        host = container.attrs["HostConfig"]
        if not (host["ReadonlyRootfs"] and host["CapDrop"] == ["ALL"]):
            troubles.append(f"{container.name} may write its files or keeps capabilities")
    return troubles


def not_restarted(project: Project) -> list[str]:
    """Return which containers would stay down after a crash."""
    return [
        f"{one.name} has the restart policy {one.attrs['HostConfig']['RestartPolicy']['Name']!r}"
        for one in project.containers()
        if one.attrs["HostConfig"]["RestartPolicy"]["Name"] != "unless-stopped"
    ]


def badly_ended(project: Project) -> list[str]:
    """Return which containers, told to stop, did not end with 0; `docker compose stop` has been called."""
    states = {one.name: one.attrs["State"] for one in project.containers()}
    return [f"{name} ended with {state['ExitCode']}" for name, state in states.items() if state["ExitCode"] != 0]


def comes_back(container: Container, seconds: float) -> list[str]:
    """End a process from within, as a crash does, and wait for the engine to start it again."""
    container.reload()
    before = container.attrs["RestartCount"]
    _run(container, "kill -TERM 1")
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        container.reload()
        if container.attrs["RestartCount"] > before and container.status == "running":
            return []
        time.sleep(0.2)
    return [f"{container.name} is {container.status} {seconds:g} s after it ended"]


def refused_by_nats(project: Project) -> list[str]:
    """Return which replicas tried what NATS does not allow them."""
    troubles = []
    for container in project.containers(PROCESSES):
        page = container.exec_run(["python", "-c", READ_METRICS]).output.decode()
        if OURS not in page:
            troubles.append(f"{container.name} tells no metrics: {page[-200:]}")
            continue
        samples = [one for family in text_string_to_metric_families(page) for one in family.samples]
        times = sum(one.value for one in samples if one.name == VIOLATIONS)
        troubles += [f"{container.name}: {times:g} times"] if times else []
    return troubles


async def memory(project: Project) -> dict[str, str]:
    """Return each service's memory in MB: of its largest replica, without what the kernel can take back."""
    containers = project.containers()
    sizes = await asyncio.gather(*(asyncio.to_thread(_megabytes, one) for one in containers))
    largest: Counter[str] = Counter()
    for container, size in zip(containers, sizes, strict=True):
        service = container.labels["com.docker.compose.service"]
        largest[service] = max(largest[service], size)
    return {f"memory of {service} (MB)": str(size) for service, size in largest.items()}


def keep_logs(project: Project, folder: Path) -> Counter[str]:
    """Write every container's log to a folder; return how many errors each service wrote."""
    folder.mkdir(parents=True, exist_ok=True)
    errors: Counter[str] = Counter()
    for container in project.client.containers.list(
        all=True, filters={"label": f"com.docker.compose.project={project.name}"}
    ):
        text = said(container, lines=100_000)
        service = container.labels["com.docker.compose.service"]
        (folder / f"{service}-{container.labels['com.docker.compose.container-number']}.log").write_text(text)
        errors[service] += sum(_is_error(line) for line in text.splitlines())
    return errors


def _is_error(line: str) -> bool:
    try:
        return json.loads(line).get("level") in ("ERROR", "CRITICAL")
    except (ValueError, AttributeError):
        return line.startswith("Traceback")


def _megabytes(container: Container) -> int:
    used = container.stats(stream=False, one_shot=True)["memory_stats"]
    cache = used["stats"].get("total_inactive_file", used["stats"].get("inactive_file", 0))
    return int(used["usage"] - cache) >> 20


def _run(container: Container, script: str) -> str:
    return str(container.exec_run(["sh", "-c", script]).output.decode())
