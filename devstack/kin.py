"""Processes that are not our direct children: who descends from whom, and what somebody's command line is."""

import subprocess
from collections import defaultdict
from pathlib import Path

PROC = Path("/proc")


def descendants(pid: int) -> list[int]:
    """Return the process ids below `pid`, parents before their children."""
    children: dict[int, list[int]] = defaultdict(list)
    for child, parent in _parents():
        children[parent].append(child)
    found = list(children[pid])
    for child in found:  # grows while we walk it
        found.extend(children[child])
    return found


def command_line(pid: int) -> str:
    """Return the command line of a process, empty when there is none."""
    try:
        return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return "" if PROC.exists() else _ps("-p", str(pid), "-o", "args=").strip()


def _parents() -> list[tuple[int, int]]:
    if not (PROC / "self").exists():
        return [
            (int(child), int(parent))
            for child, parent in (row.split() for row in _ps("-A", "-o", "pid=,ppid=").splitlines())
        ]
    pairs = []
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            try:  # the name of a program, in brackets, may hold spaces and brackets
                after_name = (entry / "stat").read_text(errors="replace").rpartition(")")[2]
            except OSError:  # ended meanwhile
                continue
            pairs.append((int(entry.name), int(after_name.split()[1])))
    return pairs


def _ps(*arguments: str) -> str:
    return subprocess.run(["ps", *arguments], capture_output=True, text=True, check=False).stdout
