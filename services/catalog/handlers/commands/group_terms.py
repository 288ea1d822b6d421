"""Changes of the terms on which groups buy."""

from services.catalog.domain.minimums import Minimum, check_minimum
from services.catalog.domain.replacing import NOT_YET, check_replaced
from services.catalog.handlers.views.group_terms import group_terms_view
from services.catalog.models import GroupTerms
from services.catalog.repository import group_terms, projections, rulebook
from shared.contracts.catalog.group_terms import GroupTermsChanged, GroupTermsSnapshot, GroupTermsView, SetGroupTerms
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def set_group_terms(command: SetGroupTerms, work: Work) -> GroupTermsView:
    session, group_id = work.session, command.group_id
    await projections.check_group(session, group_id)
    said = (command.minimum_qty, command.minimum_subtotal, command.operator, command.action, command.surcharge)
    check_minimum(Minimum(group_id, *said))
    await rulebook.changed(session)
    terms = await group_terms.of_group(session, group_id, lock=True)
    wanted = _kept(command)
    if terms is not None and command.expected_version is None and _stands(terms, wanted):
        return group_terms_view(terms)
    check_replaced(terms.version if terms else NOT_YET, command.expected_version)
    if terms is None:
        terms = GroupTerms(group_id=group_id, version=NOT_YET)
        session.add(terms)
    for name, value in wanted.items():
        setattr(terms, name, value)
    terms.version += 1
    await session.flush()
    told = GroupTermsSnapshot(
        id=group_id,
        version=terms.version,
        availability=terms.availability,
        action=terms.action,
        price_mode=terms.price_mode,
    )
    work.emit(GroupTermsChanged(terms=told))
    return group_terms_view(terms)


def _kept(command: SetGroupTerms) -> dict[str, object]:
    """Return terms as their row keeps them: the amounts of one currency, and which."""
    amounts = [amount for amount in (command.minimum_subtotal, command.surcharge) if amount is not None]
    return {
        "availability": command.availability,
        "minimum_qty": command.minimum_qty,
        "minimum_subtotal": command.minimum_subtotal and command.minimum_subtotal.amount,
        "surcharge": command.surcharge and command.surcharge.amount,
        "currency": amounts[0].currency if amounts else None,
        "operator": command.operator,
        "action": command.action,
        "price_mode": command.price_mode,
    }


def _stands(terms: GroupTerms, wanted: dict[str, object]) -> bool:
    return all(getattr(terms, name) == value for name, value in wanted.items())
