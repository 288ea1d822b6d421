"""What stands between somebody and a product: why it is not seen, and why its variants cannot be bought."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from services.catalog.domain.book import RuleBook
from services.catalog.domain.prices import Viewer
from services.catalog.domain.quantities import UNLIMITED, Limits, bounds, impossible, step_of
from services.catalog.domain.visibility import Decision
from shared.contracts.catalog.products import ProductStatus
from shared.contracts.catalog.storefront import PriceReason
from shared.contracts.catalog.visibility import ReasonCode, VisibilityExplanation, VisibilityReason
from shared.contracts.customers.customers import CustomerStatus


@dataclass(frozen=True, slots=True)
class VariantFacts:
    """A variant as far as it can be bought: `left` are how many may still be promised, sold ahead among them.

    `price`: where its price comes from, or why there is none; None where it is not sold.
    """

    id: UUID
    sku: str
    status: ProductStatus
    decimals: int
    left: Decimal
    limits: Limits = UNLIMITED
    price: PriceReason | None = None


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """A product as far as it can be seen: published within [published_from, published_until), and its variants."""

    id: UUID
    status: ProductStatus
    published_from: datetime | None
    published_until: datetime | None
    variants: Sequence[VariantFacts] = ()


@dataclass(frozen=True, slots=True)
class Looker:
    """Who looks: a customer and how it stands with them, or a visitor. `viewer`: as whom rules and prices know them."""

    viewer: Viewer
    customer_id: UUID | None = None
    status: CustomerStatus | None = None


def explain(
    product: ProductFacts, decision: Decision, looker: Looker, book: RuleBook, as_of: datetime
) -> VisibilityExplanation:
    """Return whether somebody sees a product at a moment (UTC) and which of its variants they can buy, and why not."""
    unseen = list(_unseen(product, decision, looker, book, as_of))
    unbuyable = list(_unbuyable(looker, book))
    faults = {variant.sku: list(_variant_faults(variant)) for variant in product.variants}
    can_buy = not unseen and not unbuyable
    return VisibilityExplanation(
        product_id=product.id,
        customer_id=looker.customer_id,
        visible=not unseen,
        level=decision.level,
        rule=decision.rule.id if decision.rule else None,
        buyable=[sku for sku, found in faults.items() if can_buy and not found],
        reasons=[*unseen, *unbuyable, *(fault for found in faults.values() for fault in found)],
    )


def _unseen(
    product: ProductFacts, decision: Decision, looker: Looker, book: RuleBook, as_of: datetime
) -> Iterator[VisibilityReason]:
    if product.status is ProductStatus.DISCONTINUED:
        yield _reason(ReasonCode.PRODUCT_DISCONTINUED, "The product is discontinued; make it active to sell it again.")
    if product.published_from and as_of < product.published_from:
        message = f"The product is published from {product.published_from.isoformat()} on."
        yield _reason(ReasonCode.NOT_PUBLISHED_YET, message)
    if product.published_until and product.published_until <= as_of:
        message = f"The product was published until {product.published_until.isoformat()}."
        yield _reason(ReasonCode.NOT_PUBLISHED_ANY_MORE, message)
    if book.settings.login_only and looker.customer_id is None:
        yield _reason(ReasonCode.LOGIN_ONLY, "The shop shows its catalogue to customers only, after they signed in.")
    if not decision.visible and decision.rule is not None:
        rule = decision.rule
        whose = "everyone" if decision.level == "everyone" else f"the {decision.level} {rule.buyer_id}"
        message = f"Rule {rule.number} hides the {rule.scope} {rule.target_id} from {whose}."
        yield VisibilityReason(code=ReasonCode.DENIED_BY_RULE, message=message, rule=rule.id)
    if not decision.visible and decision.rule is None:
        message = "The shop hides what no rule lets them see; let the customer, a group or everyone see it."
        yield _reason(ReasonCode.HIDDEN_BY_SHOP, message)


def _unbuyable(looker: Looker, book: RuleBook) -> Iterator[VisibilityReason]:
    if book.settings.catalogue_only:
        yield _reason(ReasonCode.CATALOGUE_ONLY, "The shop shows its catalogue only and takes no orders.")
    if looker.customer_id is None:
        yield _reason(ReasonCode.NO_CUSTOMER, "A visitor cannot order; they sign in first.")
    if looker.status is CustomerStatus.PENDING:
        message = "The customer is not approved yet: they browse as a visitor does, and cannot order."
        yield _reason(ReasonCode.CUSTOMER_PENDING, message)
    if looker.status is CustomerStatus.SUSPENDED:
        message = "The customer is suspended: they browse as a visitor does, and cannot order."
        yield _reason(ReasonCode.CUSTOMER_SUSPENDED, message)
    if looker.viewer.hidden is not None:
        message = "Prices are shown to none of the groups they count as, so no line can be ordered."
        yield _reason(ReasonCode.PRICE_HIDDEN, message)


def _variant_faults(variant: VariantFacts) -> Iterator[VisibilityReason]:
    sku, step = variant.sku, step_of(variant.decimals)
    if variant.status is ProductStatus.DISCONTINUED:
        yield _reason(ReasonCode.VARIANT_DISCONTINUED, f"{sku} is discontinued; make it active to sell it again.", sku)
        return
    if variant.price is PriceReason.PRICE_UNAVAILABLE:
        yield _reason(ReasonCode.PRICE_UNAVAILABLE, f"{sku} has no price in this currency and mode for them.", sku)
    contradicting = impossible(variant.limits)
    left = bounds(variant.limits, step)
    if contradicting or not left.possible:
        named = ", ".join(sorted({str(limit.rule) for limit in contradicting or variant.limits.present}))
        message = f"No quantity of {sku} fulfils the rules that hold for them: {named}."
        yield _reason(ReasonCode.QTY_RULE_IMPOSSIBLE, message, sku)
    if variant.left < left.lowest:
        message = f"Fewer of {sku} are left than can be ordered at least, and no more may be sold ahead."
        yield _reason(ReasonCode.OUT_OF_STOCK, message, sku)


def _reason(code: ReasonCode, message: str, sku: str | None = None) -> VisibilityReason:
    return VisibilityReason(code=code, message=message, sku=sku)
