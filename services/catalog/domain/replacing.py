"""What is set rather than made: the first time there is nothing to have read, later its editor names what they read."""

from shared.kernel.problems import PreconditionFailed, PreconditionRequired

NOT_YET = 0
"""The version of what nobody has set."""


def check_replaced(version: int, expected_version: int | None, stands: str = "Something stands here") -> None:
    """Refuse to replace what its editor has not read as it stands; what does not stand yet needs no reading.

    `stands`: how to say that something does. Raises PreconditionRequired where it does and no version was named,
    PreconditionFailed where another was.
    """
    if expected_version is None and version != NOT_YET:
        raise PreconditionRequired(f"{stands} already: send If-Match with the ETag you last read.")
    if expected_version is not None and version != expected_version:
        raise PreconditionFailed(version=version)
