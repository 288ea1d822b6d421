"""What makes a promotion acceptable before it is announced, and when it may no longer be deleted."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from services.catalog.domain.price_rows import UNKNOWN, value_fault
from services.catalog.domain.windows import backwards
from shared.contracts.catalog.price_lists import AdjustmentKind, Scope
from shared.contracts.catalog.promotions import PromotionHasBegun, PromotionInvalid
from shared.kernel.problems import FieldError


def check_promotion(
    kind: AdjustmentKind,
    value: Decimal,
    currency: str | None,
    starts_at: datetime | None,
    ends_at: datetime | None,
    scale: int | None = None,
) -> None:
    """Refuse a promotion that contradicts itself or is finer than `scale`. Raises PromotionInvalid naming all."""
    faults = backwards(starts_at, ends_at, "/ends_at")
    if kind is AdjustmentKind.FIXED:
        faults.append(FieldError("/kind", "KIND_NOT_OFF", "A promotion takes a percent or an amount off a price."))
    elif fault := value_fault(kind, value, currency, scale):
        faults.append(FieldError("/value", fault.code, fault.message))
    if (kind is AdjustmentKind.AMOUNT_OFF) is not (currency is not None):
        message = "An amount needs its currency, and a percent has none."
        faults.append(FieldError("/currency", "CURRENCY_NOT_FITTING", message))
    if faults:
        raise PromotionInvalid(errors=faults)


def target_ids(scope: Scope, targets: Sequence[str], known: Mapping[tuple[Scope, str], UUID]) -> list[UUID]:
    """Return the ids of what a promotion is about, sorted. Raises PromotionInvalid naming each that there is not."""
    if (scope is Scope.ALL) is bool(targets):
        message = "A promotion on all goods names no targets, any other at least one."
        raise PromotionInvalid(errors=[FieldError("/targets", "TARGETS_NOT_FITTING", message)])
    faults = [
        FieldError(f"/targets/{at}", *UNKNOWN[scope])
        for at, target in enumerate(targets)
        if (scope, target) not in known
    ]
    if faults:
        raise PromotionInvalid(errors=faults)
    return sorted({known[scope, target] for target in targets})


def check_never_begun(*, enabled: bool, version: int, starts_at: datetime | None, at: datetime) -> None:
    """Refuse to delete a promotion that everyone may have seen by `at`. Raises PromotionHasBegun.

    One that is disabled has never begun only where it was made so and never changed: `version` 1.
    """
    if (starts_at is None or starts_at <= at) and (enabled or version > 1):
        raise PromotionHasBegun
