"""What must hold in identity at rest, as sentences about each drift."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.identity.models import Account, RefreshToken, SignedIn, SigningKey
from shared.contracts.identity import Role
from shared.messaging.invariants import Invariant


async def no_closed_account_has_a_live_session(session: AsyncSession) -> list[str]:
    live = (
        select(SignedIn.id, Account.id)
        .join(Account, Account.id == SignedIn.account_id)
        .where(Account.disabled, SignedIn.ended_at.is_(None), SignedIn.expires_at > func.now())
    )
    return [f"session {id_} of the closed account {owner} is live" for id_, owner in await session.execute(live)]


async def a_session_has_one_token_to_exchange(session: AsyncSession) -> list[str]:
    unused = func.count().filter(RefreshToken.used_at.is_(None), RefreshToken.digest.is_not(None))
    others = (
        select(SignedIn.id, unused)
        .outerjoin(RefreshToken, RefreshToken.session_id == SignedIn.id)
        .where(SignedIn.ended_at.is_(None))
        .group_by(SignedIn.id)
        .having(unused != 1)
    )
    return [f"session {id_} has {count} tokens to exchange" for id_, count in await session.execute(others)]


async def one_key_at_most_is_current(session: AsyncSession) -> list[str]:
    count = await session.scalar(select(func.count()).where(SigningKey.verifies_until.is_(None)))
    return [f"{count} signing keys are current"] if count and count > 1 else []


async def an_open_admin_is_left(session: AsyncSession) -> list[str]:
    admins = select(Account.disabled).where(Account.roles.contains([Role.ADMIN.value]))
    closed = list(await session.scalars(admins))
    return ["every admin account is closed"] if closed and all(closed) else []


ALL: tuple[Invariant, ...] = (
    no_closed_account_has_a_live_session,
    a_session_has_one_token_to_exchange,
    one_key_at_most_is_current,
    an_open_admin_is_left,
)
