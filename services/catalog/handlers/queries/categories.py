"""The shop's tree, as far as who asks for it may see it."""

from collections.abc import Collection
from uuid import UUID

from services.catalog.domain.dealings import reads_catalogue
from services.catalog.domain.sight import categories_shown
from services.catalog.handlers.asking import Look, terms_of
from services.catalog.models import Category
from services.catalog.repository import categories
from shared.contracts.catalog.categories import CategoryNotFound, CategoryView, GetCategory, ListCategories
from shared.contracts.values import Page
from shared.messaging.handler import handler
from shared.messaging.rpc import Ask, AskFn
from shared.messaging.work import UnitOfWork, Work


@handler
async def get_category(query: GetCategory, work: Work, ask: Ask) -> CategoryView:
    shown = await _shown(query.customer_id, work, ask)
    if shown is not None and query.id not in shown:
        raise CategoryNotFound
    return _in_language(await categories.by_id(work.session, query.id), query.locale)


@handler
async def list_categories(query: ListCategories, work: Work, ask: Ask) -> Page[CategoryView]:
    shown = await _shown(query.customer_id, work, ask)
    found, cursor = await categories.one_page(work.session, shown, query.cursor, query.limit)
    return Page(items=[_in_language(category, query.locale) for category in found], next=cursor)


async def _shown(customer_id: UUID | None, work: UnitOfWork, ask: AskFn) -> Collection[UUID] | None:
    """Return the ids of the categories that the caller, or a customer of theirs, is shown; None for all there are."""
    if customer_id is None and reads_catalogue(work.actor):
        return None
    terms, sight, _ = await terms_of(Look(customer_id), work, ask)
    return categories_shown(terms.book, sight)


def _in_language(category: Category, locale: str | None) -> CategoryView:
    """Return a category as it is called in a language; without one, or a translation, as it is called in the shop's."""
    view = CategoryView.model_validate(category)
    name = category.translations.get(locale or "", view.name)
    return view.model_copy(update={"name": name})
