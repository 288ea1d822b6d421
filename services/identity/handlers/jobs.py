"""What identity does of its own accord: it forgets what is over, and changes its signing key now and then."""

from datetime import timedelta

from services.identity import repository, settings
from services.identity.domain import signing
from services.identity.handlers.recording import signing_key
from services.identity.models import SigningKey
from shared.messaging.handler import handler
from shared.messaging.work import Job, Work

ATTEMPTS_KEPT = timedelta(days=1)
SESSIONS_KEPT = timedelta(days=1)


class ForgetOldSignIns(Job, every=3600):
    """Deletes what nothing looks at any more: old attempts, sessions long over, keys that verify nothing."""


class RotateSigningKey(Job, every=86_400):
    """Makes the first signing key, and the next one once the present one has signed long enough."""


@handler
async def forget_old_sign_ins(job: ForgetOldSignIns, work: Work) -> None:
    at = work.as_of
    await repository.forget(work.session, at, at - ATTEMPTS_KEPT, at - SESSIONS_KEPT)


@handler
async def rotate_signing_key(job: RotateSigningKey, work: Work) -> None:
    current, rules = await repository.current_key_to_replace(work.session), settings.current()
    if current is None:
        await signing_key(work)
        return
    if not signing.due(current.signs_from, rules.signing_key_days, work.as_of):
        return
    following = signing.new_key(rules.signing_key_secret.get_secret_value())
    signs_from = work.as_of + signing.PUBLISHED_AHEAD
    current.verifies_until = signing.shown_until(signs_from, rules.access_token_seconds)
    await work.session.flush()
    work.session.add(
        SigningKey(kid=following.kid, public=following.public, sealed=following.sealed, signs_from=signs_from)
    )
