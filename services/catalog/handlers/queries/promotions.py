"""Promotions, as those who set prices ask for them."""

from services.catalog.handlers.commands.promotions import shown
from services.catalog.repository import promotions
from shared.contracts.catalog.promotions import GetPromotion, ListPromotions, PromotionView
from shared.contracts.values import Page
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def get_promotion(query: GetPromotion, work: Work) -> PromotionView:
    found = await promotions.find(work.session, query.id)
    return (await shown(work, [found]))[0]


@handler
async def list_promotions(query: ListPromotions, work: Work) -> Page[PromotionView]:
    found, cursor = await promotions.one_page(work.session, query, work.as_of)
    return Page(items=await shown(work, found), next=cursor)
