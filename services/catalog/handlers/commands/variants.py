"""Changes of variants, each under the lock of its product."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.catalog.domain import products as rules
from services.catalog.domain.options import Chosen, choice_errors
from services.catalog.handlers.recording.forgetting import forget
from services.catalog.handlers.recording.products import record_change
from services.catalog.models import Product, Variant
from services.catalog.repository import base_prices, catalog_settings, deleting, price_history, products, rulebook
from services.catalog.repository.sheets import sheet
from shared.contracts.actor import Permission
from shared.contracts.catalog.price_lists import PriceMode
from shared.contracts.catalog.prices import VariantNotFound
from shared.contracts.catalog.products import NewVariant, Option, ProductNotFound, ProductSheet, ProductStatus
from shared.contracts.catalog.variants import (
    AddVariant,
    ChangeVariant,
    DeleteVariant,
    LastVariant,
    OrderVariants,
    VariantField,
)
from shared.database.rows import lock
from shared.kernel.problems import FieldError, Forbidden
from shared.messaging.handler import handler
from shared.messaging.work import UnitOfWork, Work

PLAIN = {
    "sku",
    "barcode",
    "name",
    "options",
    "tax_category",
    "commissionable",
    "unit",
    "quantity_decimals",
    "weight",
    "length",
    "width",
    "height",
}


@handler
async def add_variant(command: AddVariant, work: Work) -> ProductSheet:
    session, id_ = work.session, work.made_id(AddVariant.subject)
    if made := await work.made_before(Variant, id_):
        return await sheet(session, await session.get_one(Product, made.product_id))
    product = await lock(session, Product, command.id, ProductNotFound())
    present = await products.variants_of(session, product.id)
    rules.check_count(len(present))
    asked = NewVariant.model_validate(command)
    scale = (await catalog_settings.read(session)).unit_price_scale
    rules.check([*_choice_faults(product, present, asked), *rules.new_price_errors(asked, "", scale)])
    rules.check_skus([asked.sku], await products.taken(session, [asked.sku]), "/sku")
    first = present[-1].position + 1 if present else 0
    await products.add_variants(session, product, [(id_, asked)], work.as_of, first, work.digest)
    return await record_change(product, work)


@handler
async def change_variant(command: ChangeVariant, work: Work) -> ProductSheet:
    session = work.session
    _check_may_price(command, work)
    product = await lock(session, Product, command.id, ProductNotFound(), command.expected_version)
    present = await products.variants_of(session, product.id)
    variant = _of(present, command.variant_id)
    if command.sku not in (None, variant.sku):
        rules.check_skus([str(command.sku)], await products.taken(session, [str(command.sku)]), "/sku")
    variant.status = rules.advance(variant.status, command.status or variant.status, "A variant")
    for name, value in _changes(command).items():
        setattr(variant, name, value)
    scale = (await catalog_settings.read(session)).unit_price_scale
    rules.check([*_choice_faults(product, present, variant), *rules.price_errors(command.prices, "", scale)])
    await base_prices.withdraw(session, variant.id, PriceMode.NET, command.withdrawn)
    await base_prices.withdraw(session, variant.id, PriceMode.GROSS, command.gross_withdrawn)
    await base_prices.put(session, [(variant.id, price) for price in command.prices], work.as_of)
    if command.cost is not None or VariantField.COST in command.clear:
        # The least margin above it may be what stops a promotion.
        await session.flush()
        await price_history.record(session, [variant.id], work.as_of)
    return await record_change(product, work)


@handler
async def order_variants(command: OrderVariants, work: Work) -> ProductSheet:
    session = work.session
    product = await lock(session, Product, command.id, ProductNotFound(), command.expected_version)
    present = [variant.id for variant in await products.variants_of(session, product.id)]
    rules.check_order(command.variant_ids, present)
    await products.order_variants(session, product.id, command.variant_ids)
    return await record_change(product, work, grown=False)


@handler
async def delete_variant(command: DeleteVariant, work: Work) -> ProductSheet:
    session = work.session
    await rulebook.hold(session)
    product = await lock(session, Product, command.id, ProductNotFound(), command.expected_version)
    present = await products.variants_of(session, product.id)
    variant = _of(present, command.variant_id)
    if len(present) == 1:
        raise LastVariant
    used = await deleting.use(session, [variant.id])
    rules.check_never_used("variant", sold=used.sold, stocked=used.stocked)
    await forget(work, [variant.id])
    session.expunge(variant)
    await deleting.delete_variants(session, [variant.id])
    return await record_change(product, work, grown=False)


def _of(present: Sequence[Variant], variant_id: UUID) -> Variant:
    variant = next((one for one in present if one.id == variant_id), None)
    if variant is None:
        raise VariantNotFound("This product has no such variant; its sheet lists those it has.")
    return variant


def _check_may_price(command: ChangeVariant, work: UnitOfWork) -> None:
    """Those who keep the catalogue do not set prices by another door than those who set prices."""
    priced = command.prices or command.withdrawn or command.gross_withdrawn
    if priced and not work.actor.may(Permission.PRICES_WRITE):
        raise Forbidden("Base prices need the permission to set prices; leave prices and what is withdrawn out.")


def _changes(command: ChangeVariant) -> dict[str, Any]:
    changes: dict[str, Any] = command.model_dump(include=PLAIN, exclude_none=True)
    if command.cost is not None:
        changes |= {"cost_amount": command.cost.amount, "cost_currency": command.cost.currency}
    for field in command.clear:
        names = ("cost_amount", "cost_currency") if field is VariantField.COST else (field.value,)
        changes |= dict.fromkeys(names)
    return changes


def _choice_faults(product: Product, variants: Sequence[Variant], edited: Variant | NewVariant) -> list[FieldError]:
    """Return what is wrong with the options of one variant beside the others; it is judged last, so it is named."""
    options = [Option.model_validate(option) for option in product.options]
    others = [Chosen("", one.options, one.status) for one in variants if one is not edited]
    status = edited.status if isinstance(edited, Variant) else ProductStatus.ACTIVE
    return choice_errors(options, [*others, Chosen("/options", edited.options, status)])
