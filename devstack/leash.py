"""Start a program that cannot outlive its parent: tie the knot, drop privileges, then become the program.

Run by `process.py` as a plain script (`python -I -S leash.py …`), so it imports the standard library only. A script
rather than a `preexec_fn` keeps the fork of a threaded parent free of Python code, and the exec at the end leaves the
program a direct child of whoever asked for it.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main(parent: int, death_signal: int, uid: int, gid: int, command: list[str]) -> None:
    """Become `command` as user `uid` (0: stay who we are), signalled with `death_signal` when `parent` dies."""
    libc = ctypes.CDLL(None, use_errno=True)  # loaded before the change of user, who might not reach the library
    if uid:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
        os.umask(0o077)
    if sys.platform == "linux":  # after setuid, which clears it; elsewhere the next start ends what was left behind
        libc.prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
    if os.getppid() != parent:  # it died before the knot was tied
        sys.exit(1)
    os.execv(command[0], command)


if __name__ == "__main__":
    parent, death_signal, uid, gid = (int(number) for number in sys.argv[1:5])
    try:
        main(parent, death_signal, uid, gid, sys.argv[5:])
    except OSError as error:
        sys.exit(f"{sys.argv[5]} cannot be run as user {uid or os.geteuid()}: {error.strerror}.")
