"""Promotions in tests: made and changed at a moment."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from services.catalog.handlers.commands.promotions import change_promotion, create_promotion
from services.catalog.tests.samples import KEEPER, Shop
from shared.contracts.catalog.price_lists import AdjustmentKind, Scope
from shared.contracts.catalog.promotions import ChangePromotion, CreatePromotion, PromotionView

NOON = datetime(2030, 6, 1, 12, tzinfo=UTC)


async def promoted(shop: Shop, at: datetime = NOON, **given: Any) -> PromotionView:
    facts: dict[str, Any] = {
        "code": "summer",
        "name": "Summer",
        "kind": AdjustmentKind.PERCENT_OFF,
        "value": Decimal(20),
        "scope": Scope.VARIANT,
        "targets": ["chair"],
    }
    view: PromotionView = await shop(create_promotion, CreatePromotion(**facts | given), KEEPER, as_of=at)
    return view


async def changed(shop: Shop, view: PromotionView, at: datetime, **given: Any) -> PromotionView:
    kept = ChangePromotion.model_fields.keys() & PromotionView.model_fields.keys()
    command = ChangePromotion(**view.model_dump(include=kept) | {"expected_version": view.version} | given)
    after: PromotionView = await shop(change_promotion, command, KEEPER, as_of=at)
    return after
