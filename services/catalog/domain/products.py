"""What makes a product acceptable: SKUs that are nobody else's, categories that exist, prices that agree."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from services.catalog.domain.options import Chosen, choice_errors
from services.catalog.domain.prices import too_fine
from shared.contracts.catalog.categories import CategoryNotFound
from shared.contracts.catalog.price_lists import PriceMode
from shared.contracts.catalog.prices import UnitPriceTooFine
from shared.contracts.catalog.products import (
    BasePriceView,
    NewVariant,
    Option,
    ProductInUse,
    ProductInvalid,
    ProductSheet,
    ProductStatus,
    SkuTaken,
)
from shared.kernel import transitions
from shared.kernel.problems import FieldError

NEXT: transitions.Transitions[ProductStatus] = {
    ProductStatus.ACTIVE: frozenset({ProductStatus.DISCONTINUED}),
    ProductStatus.DISCONTINUED: frozenset({ProductStatus.ACTIVE}),
}
MOST_VARIANTS = 500
"""So many variants a product may have: a page shows them all."""
MOST_BYTES = 400_000
"""So large a product may be, as its keepers read it: with prices and stock a page shows it whole, in one message."""


def advance(current: ProductStatus, to: ProductStatus, thing: str = "A product") -> ProductStatus:
    """Return the status to take; the present one may be named again. Raises Conflict for a step the table lacks."""
    return transitions.advance(NEXT, current, to, thing)


def check_skus(skus: Sequence[str], taken: Collection[str], pointer: str = "/variants/{}/sku") -> None:
    """Refuse SKUs that another variant has, or that two of these share. Raises SkuTaken naming each."""
    errors = [
        FieldError(pointer.format(index), SkuTaken.code, f"{sku} is another variant's; choose another SKU.")
        for index, sku in enumerate(skus)
        if sku in taken or sku in skus[:index]
    ]
    if errors:
        raise SkuTaken(errors=errors)


def check_categories(category_ids: Sequence[UUID], unknown: Collection[UUID]) -> None:
    """Refuse categories that do not exist. Raises CategoryNotFound naming each."""
    errors = [
        FieldError(f"/category_ids/{index}", CategoryNotFound.code, "There is no such category.")
        for index, category_id in enumerate(category_ids)
        if category_id in unknown
    ]
    if errors:
        raise CategoryNotFound(errors=errors)


def check(errors: Collection[FieldError]) -> None:
    """Refuse a product with faults. Raises ProductInvalid naming each."""
    if errors:
        raise ProductInvalid(errors=tuple(errors))


def price_errors(
    prices: Sequence[BasePriceView], pointer: str, scale: int | None = None, *, short: bool = False
) -> list[FieldError]:
    """Return what is wrong with the base prices of a variant, each found at `pointer` by its index.

    One per currency and mode, each as `faults_of_price` wants it. `short`: the first of them was given in the short
    form, and so has no index.
    """
    errors = []
    seen: set[tuple[str, PriceMode]] = set()
    for index, price in enumerate(prices, -1 if short else 0):
        place = f"{pointer}/prices/{index}" if index >= 0 else f"{pointer}/base_price"
        currency = price.unit_price.currency
        if (currency, price.mode) in seen:
            message = f"There is a price in {currency} of this mode already; give one for each currency and mode."
            errors.append(FieldError(place, "CURRENCY_TWICE", message))
        seen.add((currency, price.mode))
        errors += faults_of_price(price, place, scale, short=index < 0)
    return errors


def faults_of_price(
    price: BasePriceView, place: str, scale: int | None = None, *, short: bool = False
) -> list[FieldError]:
    """Return what is wrong with a base price that stands at `place`, or is what stands there in the `short` form.

    What stands beside it is in the same currency, no floor is above it, and nothing is finer than its
    currency, or than `scale` where that is more.
    """
    currency = price.unit_price.currency
    beside = {"original_price": price.original_price, "floor": price.floor}
    amounts = {place if short else f"{place}/unit_price": price.unit_price}
    amounts |= {f"{place}/{name}": amount for name, amount in beside.items() if amount is not None}
    errors = [
        FieldError(pointer, UnitPriceTooFine.code, remedy)
        for pointer, amount in amounts.items()
        if (remedy := too_fine(amount.amount, amount.currency, scale))
    ]
    errors += [
        FieldError(f"{place}/{name}", "CURRENCY_DIFFERS", f"The price is in {currency}; say this in {currency}, too.")
        for name, amount in beside.items()
        if amount is not None and amount.currency != currency
    ]
    floor = price.floor
    if floor is not None and floor.currency == currency and floor.amount > price.unit_price.amount:
        message = f"It is never sold below {floor}; lower the floor, or raise the price."
        errors.append(FieldError(f"{place}/floor", "FLOOR_ABOVE_PRICE", message))
    return errors


def prices_asked(variant: NewVariant) -> list[BasePriceView]:
    """Return all base prices that a new variant comes with, the short form first."""
    short = [] if variant.base_price is None else [BasePriceView(unit_price=variant.base_price)]
    return short + variant.prices


def new_variant_errors(
    options: Sequence[Option], variants: Sequence[NewVariant], pointer: str, scale: int | None = None
) -> list[FieldError]:
    """Return what is wrong with new variants of a product, the nth of which stands at `pointer` filled with n."""
    errors = choice_errors(
        options, [Chosen(f"{pointer.format(n)}/options", variant.options) for n, variant in enumerate(variants)]
    )
    for n, variant in enumerate(variants):
        errors += new_price_errors(variant, pointer.format(n), scale)
    return errors


def new_price_errors(variant: NewVariant, pointer: str, scale: int | None = None) -> list[FieldError]:
    """Return what is wrong with the base prices that a new variant comes with; it has one at least."""
    prices = prices_asked(variant)
    if not prices:
        message = "Give a base price, or prices in several currencies."
        return [FieldError(f"{pointer}/base_price", "PRICE_MISSING", message)]
    return price_errors(prices, pointer, scale, short=variant.base_price is not None)


def check_order(asked: Sequence[UUID], present: Collection[UUID]) -> None:
    """Refuse an order that does not name each variant of a product once. Raises ProductInvalid."""
    errors = [
        FieldError(f"/variant_ids/{index}", "VARIANT_UNKNOWN", "The product has no such variant; leave it out.")
        for index, id_ in enumerate(asked)
        if id_ not in present
    ]
    errors += [
        FieldError(f"/variant_ids/{index}", "VARIANT_TWICE", "It is named before; name each variant once.")
        for index, id_ in enumerate(asked)
        if id_ in asked[:index]
    ]
    missing = set(present) - set(asked)
    if missing:
        message = f"Name every variant of the product; {len(missing)} of them are missing."
        errors.append(FieldError("/variant_ids", "VARIANT_MISSING", message))
    check(errors)


def check_count(present: int) -> None:
    """Refuse one variant more than a product may have. Raises ProductInvalid."""
    if present >= MOST_VARIANTS:
        message = f"A product has at most {MOST_VARIANTS} variants; make another product of some."
        raise ProductInvalid(message, errors=[FieldError("", "TOO_MANY_VARIANTS", message)], most=MOST_VARIANTS)


def check_size(size: int) -> None:
    """Refuse a product of more than MOST_BYTES, as `size_of` counts them. Raises ProductInvalid."""
    if size > MOST_BYTES:
        message = "The product is too large to be shown at once; make another product of some of its variants."
        raise ProductInvalid(message, errors=[FieldError("", "PRODUCT_TOO_LARGE", message)], size=size, most=MOST_BYTES)


def grown(name: str, translated: Iterable[str | None], variants: Iterable[str]) -> int:
    """Return how many bytes longer a product may be in another language.

    There its variants that are called like it, of those of these names, are called by its name in that language.
    """
    longest = max((len(other.encode()) for other in translated if other), default=0)
    return max(0, longest - len(name.encode())) * sum(one == name for one in variants)


def size_of(sheet: ProductSheet) -> int:
    """Return how many bytes a product takes as its keepers read it, or more where it is longer in another language."""
    translated = (texts.name for texts in sheet.translations.values())
    called = (variant.name for variant in sheet.variants)
    return len(sheet.model_dump_json().encode()) + grown(sheet.name, translated, called)


def check_never_used(thing: str, *, sold: bool, stocked: bool) -> None:
    """Refuse to delete what past orders or the stock ledger name (CA-2). Raises ProductInUse with the remedy."""
    if sold or stocked:
        why = "was sold" if sold else "has stock movements"
        remedy = 'deactivate it with {"status": "discontinued"} and it leaves the shop'
        raise ProductInUse(f"This {thing} {why}, so it cannot be deleted; {remedy}.", sold=sold, stocked=stocked)
