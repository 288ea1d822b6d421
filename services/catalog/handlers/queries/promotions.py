"""Promotions, as those who set prices ask for them."""

from services.catalog.handlers.views.promotions import promotion_view, promotion_views
from services.catalog.repository import promotions
from shared.contracts.catalog.promotions import GetPromotion, ListPromotions, PromotionView
from shared.contracts.values import Page
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def get_promotion(query: GetPromotion, work: Work) -> PromotionView:
    return await promotion_view(await promotions.by_id(work.session, query.id), work)


@handler
async def list_promotions(query: ListPromotions, work: Work) -> Page[PromotionView]:
    found, cursor = await promotions.one_page(work.session, query, work.as_of)
    return Page(items=await promotion_views(found, work), next=cursor)
