"""Price changes, and what they did to each price, as those who set prices see them."""

from services.catalog.domain.price_changes import written
from services.catalog.models import PriceChange, PriceDifference
from shared.contracts.catalog.price_changes import PriceChangeView, PriceDifferenceView
from shared.kernel.money import UnitPrice


def price_change_view(change: PriceChange) -> PriceChangeView:
    """Return a price change, and how far it is."""
    view = PriceChangeView.model_validate(change)
    return view.model_copy(update={"value": written(change.kind, change.value, change.currency)})


def price_difference_view(row: PriceDifference, currency: str) -> PriceDifferenceView:
    """Return what a price change did to one price, or would do."""
    return PriceDifferenceView(
        position=row.position,
        target=row.target,
        min_qty=row.min_qty,
        before=UnitPrice(row.before, currency),
        after=UnitPrice(row.after, currency),
        outcome=row.outcome,
    )
