"""The shop's tree, as anyone may ask for it."""

from services.catalog.models import Category
from services.catalog.repository import categories
from shared.contracts.catalog.categories import CategoryView, GetCategory, ListCategories
from shared.contracts.values import Page
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def get_category(query: GetCategory, work: Work) -> CategoryView:
    return _in_language(await categories.by_id(work.session, query.id), query.locale)


@handler
async def list_categories(query: ListCategories, work: Work) -> Page[CategoryView]:
    found, cursor = await categories.one_page(work.session, query.cursor, query.limit)
    return Page(items=[_in_language(category, query.locale) for category in found], next=cursor)


def _in_language(category: Category, locale: str | None) -> CategoryView:
    """Return a category as it is called in a language; without one, or a translation, as it is called in the shop's."""
    view = CategoryView.model_validate(category)
    name = category.translations.get(locale or "", view.name)
    return view.model_copy(update={"name": name})
