"""Changes of products and the tree they stand in."""

from services.catalog.domain.prices import EVERYONE
from services.catalog.domain.products import advance, check_categories, check_skus
from services.catalog.handlers.views import product_view
from services.catalog.models import Category, Product
from services.catalog.repository import categories, pages, products
from shared.contracts.catalog.products import (
    CategoryCodeTaken,
    CategoryNotFound,
    CategoryView,
    ChangeProduct,
    CreateCategory,
    CreateProduct,
    ProductChanged,
    ProductCreated,
    ProductNotFound,
    ProductSnapshot,
    ProductStatus,
    ProductView,
)
from shared.database.rows import lock
from shared.messaging.handler import handler
from shared.messaging.work import UnitOfWork, Work


@handler
async def create_category(command: CreateCategory, work: Work) -> CategoryView:
    id_ = work.made_id(CreateCategory.subject)
    if made := await work.made_before(Category, id_):
        return CategoryView.model_validate(made)
    if await categories.by_code(work.session, command.code) is not None:
        raise CategoryCodeTaken(f"Another category has the code {command.code}; choose another.")
    if command.parent_id is not None and await categories.by_id(work.session, command.parent_id) is None:
        raise CategoryNotFound
    category = Category(id=id_, request_digest=work.digest, **command.model_dump())
    work.session.add(category)
    await work.session.flush()
    await work.session.refresh(category)
    return CategoryView.model_validate(category)


@handler
async def create_product(command: CreateProduct, work: Work) -> ProductView:
    session, id_ = work.session, work.made_id(CreateProduct.subject)
    if made := await work.made_before(Product, id_):
        return await shown(await products.snapshot(session, made), work)
    skus = [variant.sku for variant in command.variants]
    check_skus(skus, await products.taken(session, skus))
    check_categories(command.category_ids, await products.unknown_categories(session, command.category_ids))
    product = Product(
        id=id_,
        name=command.name,
        description=command.description,
        status=ProductStatus.ACTIVE,
        version=1,
        request_digest=work.digest,
    )
    session.add(product)
    await session.flush()
    await products.add_variants(session, product, command.variants)
    await products.put_in_categories(session, product.id, command.category_ids)
    snapshot = await products.snapshot(session, product)
    work.emit(ProductCreated(product=snapshot))
    return await shown(snapshot, work)


@handler
async def change_product(command: ChangeProduct, work: Work) -> ProductView:
    session = work.session
    product = await lock(session, Product, command.id, ProductNotFound(), command.expected_version)
    product.name = command.name or product.name
    product.status = advance(product.status, command.status or product.status)
    if command.description is not None:
        product.description = command.description
    if command.category_ids is not None:
        check_categories(command.category_ids, await products.unknown_categories(session, command.category_ids))
        await products.put_in_categories(session, product.id, command.category_ids)
    await session.flush()
    snapshot = await products.snapshot(session, product)
    work.emit(ProductChanged(product=snapshot))
    return await shown(snapshot, work)


async def shown(product: ProductSnapshot, work: UnitOfWork, currency: str | None = None) -> ProductView:
    """Return a product as those who keep it see it: at its base prices, in the currency it got first or another."""
    first = product.variants[0].base_price
    currency = currency or (first.currency if first else "EUR")
    rows = await pages.one(work.session, product.id, currency, EVERYONE.counting, discontinued_too=True)
    if rows is None:
        raise ProductNotFound
    return product_view(rows, EVERYONE, currency)
