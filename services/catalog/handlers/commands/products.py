"""Changes of products."""

from collections.abc import Sequence
from uuid import UUID

from services.catalog.domain import products as rules
from services.catalog.domain.options import Chosen, choice_errors, option_errors, still_known
from services.catalog.domain.windows import backwards
from services.catalog.handlers.jobs.images import drop_pictures
from services.catalog.handlers.recording.forgetting import forget
from services.catalog.handlers.recording.products import record_change
from services.catalog.models import Product
from services.catalog.repository import catalog_settings, deleting, images, price_history, products, rulebook, targets
from services.catalog.repository.products import told
from services.catalog.repository.search import refresh_search
from services.catalog.repository.sheets import sheet, sheets
from shared.contracts.catalog.price_lists import Scope
from shared.contracts.catalog.products import (
    ChangeProduct,
    CreateProduct,
    DeleteProduct,
    Option,
    ProductChanged,
    ProductCodeTaken,
    ProductCreated,
    ProductDeleted,
    ProductNotFound,
    ProductSheet,
    ProductStatus,
)
from shared.contracts.values import Done
from shared.database.rows import lock
from shared.kernel.ids import new_id
from shared.kernel.problems import FieldError, pointer_to
from shared.messaging.handler import handler
from shared.messaging.work import UnitOfWork, Work

TEXTS = {"name", "description", "translations", "options", "attributes"}
PLAIN = TEXTS | {"perishable", "published_from", "published_until"}
OPTIONS = "variant_options"


@handler
async def create_product(command: CreateProduct, work: Work) -> ProductSheet:
    session, id_ = work.session, work.made_id(CreateProduct.subject)
    if made := await work.made_before(Product, id_):
        return await sheet(session, made)
    skus = [variant.sku for variant in command.variants]
    scale = (await catalog_settings.read(session)).unit_price_scale
    rules.check(_faults_of_new(command, scale))
    rules.check_skus(skus, await products.taken(session, skus))
    code = command.code or skus[0]
    await _check_code(code, work)
    product = Product(
        id=id_,
        code=code,
        category_ids=await _categories(command.category_ids, work),
        status=ProductStatus.ACTIVE,
        version=1,
        request_digest=work.digest,
        **command.model_dump(include=PLAIN) | command.model_dump(include={"translations"}, exclude_none=True),
    )
    session.add(product)
    await session.flush()
    await products.add_variants(session, product, [(new_id(), variant) for variant in command.variants], work.as_of)
    await session.refresh(product)
    await refresh_search(session, [product.id])
    created = await sheet(session, product)
    rules.check_size(rules.size_of(created))
    work.emit(ProductCreated(product=told(created)))
    return created


@handler
async def change_product(command: ChangeProduct, work: Work) -> ProductSheet:
    session = work.session
    product = await lock(session, Product, command.id, ProductNotFound(), command.expected_version)
    product.status = rules.advance(product.status, command.status or product.status)
    if command.code not in (None, product.code):
        product.code = await _check_code(str(command.code), work)
    given = command.model_dump(include=PLAIN, exclude_none=True)
    await products.rename_variants(session, product, given.get("name", product.name))
    for name, value in (dict.fromkeys(command.clear) | given).items():
        setattr(product, name, value)
    rules.check(backwards(product.published_from, product.published_until, "/published_until"))
    if command.category_ids is not None:
        product.category_ids = await _categories(command.category_ids, work)
        await _follow_prices(product, work)
    if command.options is not None or command.variant_options is not None:
        await _set_options(product, command, work)
    return await record_change(product, work)


@handler
async def delete_product(command: DeleteProduct, work: Work) -> Done:
    session = work.session
    await rulebook.hold(session)
    product = await lock(session, Product, command.id, ProductNotFound(), command.expected_version)
    variant_ids = [variant.id for variant in await products.variants_of(session, product.id)]
    used = await deleting.use(session, variant_ids)
    rules.check_never_used("product", sold=used.sold, stocked=used.stocked)
    work.emit(ProductDeleted(product=await products.snapshot(session, product)))
    await drop_pictures(work, await images.keys(session, product.id))
    await forget(work, [product.id, *variant_ids])
    await deleting.delete_variants(session, variant_ids)
    leading = await deleting.delete_product(session, product.id)
    for one in await sheets(session, leading):
        work.emit(ProductChanged(product=told(one)))
    return Done(id=command.id)


def _faults_of_new(command: CreateProduct, scale: int | None) -> list[FieldError]:
    return [
        *option_errors(command.options),
        *rules.new_variant_errors(command.options, command.variants, "/variants/{}", scale),
        *backwards(command.published_from, command.published_until, "/published_until"),
    ]


async def _follow_prices(product: Product, work: UnitOfWork) -> None:
    """Write down what everyone pays for a product that stands in other categories than before."""
    await work.session.flush()
    variants = await products.variants_of(work.session, product.id)
    await price_history.record(work.session, [variant.id for variant in variants], work.as_of)


async def _categories(ids: Sequence[UUID], work: UnitOfWork) -> list[UUID]:
    """Return the categories a product is to stand in, once each; until it does they stay."""
    rules.check_categories(ids, await targets.unknown(work.session, Scope.CATEGORY, ids, kept=True))
    return sorted(set(ids))


async def _check_code(code: str, work: UnitOfWork) -> str:
    if await products.code_taken(work.session, code):
        raise ProductCodeTaken(f"Another product has the code {code}; choose another.", code=code)
    return code


async def _set_options(product: Product, command: ChangeProduct, work: UnitOfWork) -> None:
    """Give variants the values asked for; what they have of options that are no more goes with them."""
    options = [Option.model_validate(option) for option in product.options]
    asked = command.variant_options or {}
    variants = await products.variants_of(work.session, product.id)
    for variant in variants:
        variant.options = asked.get(variant.sku) or still_known(options, variant.options)
    strangers = asked.keys() - {variant.sku for variant in variants}
    faults = [
        FieldError(pointer_to(OPTIONS, sku), "VARIANT_UNKNOWN", f"The product has no SKU {sku}; leave it out.")
        for sku in sorted(strangers)
    ]
    chosen = [Chosen(pointer_to(OPTIONS, one.sku), one.options, one.status) for one in variants]
    rules.check([*faults, *option_errors(options), *choice_errors(options, chosen)])
