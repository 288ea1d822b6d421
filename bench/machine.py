"""What the kernel says of processes and of the machine: processor time, memory, how busy everybody else was."""

import os
import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from devstack import kin

TICKS = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


def cpu_seconds(pid: int) -> float:
    """Return user and system time of a process, of all below it, and of those of them that have ended."""
    return sum(_times(one) for one in _tree(pid))


def pss(pid: int) -> float:
    """Return the proportional set size of a process and all below it, in MiB; shared pages count by share."""
    return sum(_pss(one) for one in _tree(pid))


def rss(pid: int) -> float:
    """Return the resident set size of a process and all below it, in MiB; cheap enough to be asked all the time."""
    return sum(_rss(one) for one in _tree(pid))


@dataclass(frozen=True, slots=True)
class Meters:
    """Which process is which, by name; reads them all at once."""

    pids: Mapping[str, int]

    def cpu(self) -> dict[str, float]:
        """Return processor seconds so far, by name."""
        return {name: cpu_seconds(pid) for name, pid in self.pids.items()}

    def since(self, before: Mapping[str, float], operations: int) -> dict[str, float]:
        """Return milliseconds per operation since an earlier reading."""
        now = self.cpu()
        return {name: (now[name] - before[name]) * 1000 / max(operations, 1) for name in now}


def busy_seconds() -> float:
    """Return the processor time that everything on this machine has used since it began."""
    user, nice, system, _, _, irq, soft, steal, *_ = map(int, (PROC / "stat").read_text().splitlines()[0].split()[1:])
    return (user + nice + system + irq + soft + steal) / TICKS


def our_seconds() -> float:
    """Return the processor time of this process and all below it."""
    return cpu_seconds(os.getpid())


def description() -> dict[str, str | int | float]:
    """Return what a reader needs to know of the machine."""
    model = [line for line in (PROC / "cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return {
        "processor": model[0].partition(":")[2].strip() if model else platform.machine(),
        "cores": os.cpu_count() or 1,
        "memory_mib": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20,
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def _tree(pid: int) -> Iterator[int]:
    yield pid
    yield from kin.descendants(pid)


def _times(pid: int) -> float:
    try:  # the name of a program, in brackets, may hold spaces and brackets
        fields = (PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(field) for field in fields[11:15]) / TICKS


def _rss(pid: int) -> float:
    try:
        pages = int((PROC / str(pid) / "statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _pss(pid: int) -> float:
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
