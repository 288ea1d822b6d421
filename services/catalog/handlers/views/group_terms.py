"""The terms of groups as those who set them see them."""

from uuid import UUID

from services.catalog.domain.replacing import NOT_YET
from services.catalog.models import GroupTerms
from services.catalog.repository.group_terms import money
from shared.contracts.catalog.group_terms import GroupTermsView
from shared.contracts.catalog.rules import Availability, MinimumAction, MinimumOperator


def group_terms_view(terms: GroupTerms) -> GroupTermsView:
    """Return on what terms a group buys, as those who set them see it."""
    return GroupTermsView(
        group_id=terms.group_id,
        availability=terms.availability,
        minimum_qty=terms.minimum_qty,
        minimum_subtotal=money(terms.minimum_subtotal, terms.currency),
        operator=terms.operator,
        action=terms.action,
        surcharge=money(terms.surcharge, terms.currency),
        price_mode=terms.price_mode,
        version=terms.version,
    )


def no_terms(group_id: UUID) -> GroupTermsView:
    """Return on what terms a group buys that nobody set any for."""
    return GroupTermsView(
        group_id=group_id,
        availability=Availability.EXACT,
        minimum_qty=None,
        minimum_subtotal=None,
        operator=MinimumOperator.AND,
        action=MinimumAction.BLOCK,
        surcharge=None,
        version=NOT_YET,
    )
