"""Make the environment that everything runs in: a venv with the locked versions, their hashes checked.

Run by make with the machine's own Python, before anything is installed: standard library only.
"""

import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

OLDEST = (3, 11)
BAR = 30


def main(folder: Path, lock: Path) -> None:
    """Bring the venv in `folder` to what the lock says."""
    if sys.version_info < OLDEST:
        sys.exit("Python 3.11 or newer is needed. Install it, or name it: make PYTHON3=/path/to/python3")
    python = folder / "bin" / "python"
    if not _works(python):
        print("Making the Python environment in .venv")
        _make(folder)
    _install(python, lock)


def _works(python: Path) -> bool:
    """Whether there is a pip to install with; not after an interrupted start, or when the clone was moved."""
    try:
        return subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode == 0
    except OSError:
        return False


def _make(folder: Path) -> None:
    try:
        venv.EnvBuilder(clear=True, symlinks=True, with_pip=True).create(folder)
    except (subprocess.CalledProcessError, OSError, ImportError) as error:
        sys.exit(f"No environment could be made ({error}). On Debian and Ubuntu, install python3-venv and try again.")


def _install(python: Path, lock: Path) -> None:
    total = len(re.findall(r"^[A-Za-z0-9][^\s=]*==", lock.read_text(), flags=re.MULTILINE))
    install = ["-m", "pip", "install", "--require-hashes", "--disable-pip-version-check", "-r"]
    command = [str(python), *install, str(lock)]
    pip = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    assert pip.stdout is not None
    said, found = [], 0
    for line in pip.stdout:
        said.append(line.rstrip())
        word, _, rest = line.strip().partition(" ")
        if word in ("Collecting", "Requirement"):
            found += 1
            _show(found, total, rest.removeprefix("already satisfied: ").split("==")[0])
        elif word == "Installing":
            _show(total, total, "unpacking, this takes the longest")
    print(flush=True)
    if pip.wait() != 0:
        errors = [line for line in said if line.startswith("ERROR")] or said[-5:]
        sys.exit("\n".join([*errors, "The packages could not be installed. Is there a network? Then try again."]))


def _show(found: int, total: int, name: str) -> None:
    """Draw the bar over itself in a terminal; elsewhere say a line now and then."""
    if sys.stdout.isatty():
        bar = "█" * (BAR * found // total) + "░" * (BAR - BAR * found // total)
        width = shutil.get_terminal_size().columns
        print(f"\r\033[K{f'Installing {bar} {found}/{total} {name}'[: width - 1]}", end="", flush=True)
    elif found % 20 == 0 or found == total:
        print(f"Installing {found}/{total} {name}", flush=True)


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), Path(sys.argv[2]))
    except KeyboardInterrupt:
        sys.exit("\nStopped; the next `make up` goes on.")
