"""What an account must be given: someone it stands for, and a way to sign in."""

from uuid import UUID

from shared.contracts.actor import ActorType
from shared.kernel.problems import FieldError, Malformed

OWNERS = {ActorType.STAFF, ActorType.AGENT, ActorType.CUSTOMER}


def stands_for(kind: ActorType, account_id: UUID, actor_id: UUID | None) -> UUID:
    """Return whom an account signs in: staff themselves, otherwise the agent or customer named.

    Raises Malformed where that is missing, where staff name someone, and for a kind that never signs in.
    """
    if kind not in OWNERS:
        raise _malformed("/type", "TYPE_WITHOUT_ACCOUNT", "Accounts are for staff, agents and customers.")
    if kind is ActorType.STAFF:
        if actor_id is not None:
            raise _malformed("/actor_id", "ACTOR_ID_NOT_WANTED", "Staff stand for themselves; leave actor_id out.")
        return account_id
    if actor_id is None:
        raise _malformed("/actor_id", "ACTOR_ID_MISSING", f"Name the {kind} this account signs in.")
    return actor_id


def check_way_in(has_password: bool, has_subject: bool, elsewhere: bool) -> None:
    """Raise Malformed for an account nobody could sign in to; `elsewhere`: people sign in at another issuer."""
    if elsewhere and not has_subject:
        message = "People sign in at another issuer here: name the account's subject there."
        raise _malformed("/external_subject", "EXTERNAL_SUBJECT_MISSING", message)
    if not (has_password or has_subject):
        raise _malformed("/password", "PASSWORD_MISSING", "Give a password, or the subject of another issuer.")


def issuer_meant(named: str | None, trusted: str | None, pointer: str = "/external_issuer") -> str:
    """Return whose subject is meant: the issuer named, or the outside one trusted here.

    Raises Malformed at `pointer` where there is neither: such a link would open the account to nobody.
    """
    issuer = named or trusted
    if issuer is None:
        other = "name the subject's issuer" if pointer == "/external_issuer" else "leave the subject out"
        message = f"No outside issuer is trusted here: {other}, or set COURTIER_JWKS_URL and COURTIER_ISSUER first."
        raise _malformed(pointer, "EXTERNAL_ISSUER_MISSING", message)
    return issuer


def _malformed(pointer: str, code: str, message: str) -> Malformed:
    return Malformed(message, errors=[FieldError(pointer, code, message)])
