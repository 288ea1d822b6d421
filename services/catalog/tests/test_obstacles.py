"""Why somebody does not see or cannot buy a product: every reason has its case."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from services.catalog.domain.book import RuleBook
from services.catalog.domain.obstacles import Looker, ProductFacts, VariantFacts, explain
from services.catalog.domain.prices import PUBLIC, Viewer
from services.catalog.domain.quantities import Limit, Limits
from services.catalog.domain.visibility import Decision, VisibilityFact
from shared.contracts.catalog.catalog_settings import CatalogSettings
from shared.contracts.catalog.price_lists import Scope
from shared.contracts.catalog.products import ProductStatus
from shared.contracts.catalog.rules import BuyerScope, QuantityBasis, RuleScope
from shared.contracts.catalog.storefront import PriceReason
from shared.contracts.catalog.visibility import SightLevel, VisibilityExplanation
from shared.contracts.customers.customers import CustomerStatus

NOW = datetime(2026, 11, 22, tzinfo=UTC)
DAY = timedelta(days=1)
ANN = UUID(int=1)
RED = VariantFacts(UUID(int=2), "red", ProductStatus.ACTIVE, 0, Decimal(5), price=PriceReason.BASE)
CHAIR = ProductFacts(UUID(int=3), ProductStatus.ACTIVE, None, None, [RED])
CUSTOMER = Looker(Viewer(customer_id=ANN), ANN, CustomerStatus.APPROVED)
VISITOR = Looker(Viewer())
SHOWN = Decision(True, SightLevel.SHOP)
RULE = VisibilityFact(UUID(int=9), 12, BuyerScope.EVERYONE, PUBLIC, Scope.PRODUCT, CHAIR.id, False)


def told(
    product: ProductFacts = CHAIR, decision: Decision = SHOWN, looker: Looker = CUSTOMER, **settings: Any
) -> VisibilityExplanation:
    book = RuleBook(stamp=PUBLIC, settings=CatalogSettings(**settings))
    return explain(product, decision, looker, book, NOW)


def codes(found: VisibilityExplanation) -> list[str]:
    return [reason.code.value for reason in found.reasons]


def red(**facts: Any) -> ProductFacts:
    return replace(CHAIR, variants=[replace(RED, **facts)])


def at_least(quantity: int) -> Limits:
    return Limits(min=Limit(Decimal(quantity), UUID(int=8), RuleScope.SHOP, QuantityBasis.VARIANT))


def test_where_nothing_stands_in_the_way_all_can_be_bought() -> None:
    found = told()

    assert (found.visible, found.level, found.rule, found.buyable, found.reasons) == (True, "shop", None, ["red"], [])


@pytest.mark.parametrize(
    ("product", "code"),
    [
        (replace(CHAIR, status=ProductStatus.DISCONTINUED), "PRODUCT_DISCONTINUED"),
        (replace(CHAIR, published_from=NOW + DAY), "NOT_PUBLISHED_YET"),
        (replace(CHAIR, published_until=NOW), "NOT_PUBLISHED_ANY_MORE"),
    ],
)
def test_a_product_that_is_not_offered_is_not_seen(product: ProductFacts, code: str) -> None:
    found = told(product)

    assert (found.visible, found.buyable, codes(found)) == (False, [], [code])


def test_publication_is_half_open() -> None:
    assert told(replace(CHAIR, published_from=NOW, published_until=NOW + DAY)).visible
    assert not told(replace(CHAIR, published_until=NOW)).visible


def test_a_rule_that_hides_is_named() -> None:
    found = told(decision=Decision(False, SightLevel.EVERYONE, RULE))

    assert (found.visible, found.level, found.rule) == (False, SightLevel.EVERYONE, RULE.id)
    (reason,) = found.reasons
    assert (reason.code, reason.rule) == ("DENIED_BY_RULE", RULE.id)
    assert reason.message == f"Rule 12 hides the product {CHAIR.id} from everyone."


def test_a_shop_that_hides_what_no_rule_names() -> None:
    found = told(decision=Decision(False, SightLevel.SHOP))

    assert (found.visible, codes(found)) == (False, ["HIDDEN_BY_SHOP"])


def test_a_shop_for_customers_only() -> None:
    assert told(login_only=True).visible
    found = told(looker=VISITOR, login_only=True)
    assert (found.visible, codes(found)) == (False, ["LOGIN_ONLY", "NO_CUSTOMER"])


@pytest.mark.parametrize(
    ("looker", "settings", "code"),
    [
        (CUSTOMER, {"catalogue_only": True}, "CATALOGUE_ONLY"),
        (VISITOR, {}, "NO_CUSTOMER"),
        (replace(CUSTOMER, status=CustomerStatus.PENDING), {}, "CUSTOMER_PENDING"),
        (replace(CUSTOMER, status=CustomerStatus.SUSPENDED), {}, "CUSTOMER_SUSPENDED"),
        (replace(CUSTOMER, viewer=Viewer(hidden=PriceReason.GROUP_HIDDEN)), {}, "PRICE_HIDDEN"),
    ],
)
def test_who_cannot_buy_may_still_see(looker: Looker, settings: dict[str, Any], code: str) -> None:
    found = told(looker=looker, **settings)

    assert (found.visible, found.buyable, codes(found)) == (True, [], [code])


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"status": ProductStatus.DISCONTINUED, "price": None}, "VARIANT_DISCONTINUED"),
        ({"price": PriceReason.PRICE_UNAVAILABLE}, "PRICE_UNAVAILABLE"),
        ({"left": Decimal(0)}, "OUT_OF_STOCK"),
        ({"left": Decimal("0.5")}, "OUT_OF_STOCK"),
        ({"limits": at_least(6)}, "OUT_OF_STOCK"),
        (
            {
                "limits": replace(
                    at_least(4), max=Limit(Decimal(3), UUID(int=7), RuleScope.GROUP, QuantityBasis.VARIANT)
                )
            },
            "QTY_RULE_IMPOSSIBLE",
        ),
    ],
)
def test_a_variant_that_cannot_be_bought_names_why(facts: dict[str, Any], code: str) -> None:
    blue = replace(RED, id=UUID(int=4), sku="blue")
    found = told(replace(CHAIR, variants=[replace(RED, **facts), blue]))

    assert (found.visible, found.buyable) == (True, ["blue"])
    assert [(reason.code, reason.sku) for reason in found.reasons] == [(code, "red")]


def test_what_can_be_divided_is_left_as_long_as_a_part_of_it_is() -> None:
    assert told(red(left=Decimal("0.5"), decimals=1)).buyable == ["red"]


def test_every_reason_is_told_at_once() -> None:
    product = replace(red(left=Decimal(0), price=PriceReason.PRICE_UNAVAILABLE), status=ProductStatus.DISCONTINUED)
    pending = replace(CUSTOMER, status=CustomerStatus.PENDING)

    assert codes(told(product, Decision(False, SightLevel.EVERYONE, RULE), pending, catalogue_only=True)) == [
        "PRODUCT_DISCONTINUED",
        "DENIED_BY_RULE",
        "CATALOGUE_ONLY",
        "CUSTOMER_PENDING",
        "PRICE_UNAVAILABLE",
        "OUT_OF_STOCK",
    ]
