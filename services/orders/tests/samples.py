"""Who and what the tests of orders trade with."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from shared.contracts.actor import Permission
from shared.contracts.agents.agents import AgentSnapshot, AgentStatus, SellerTerms
from shared.contracts.agents.settings import Attribution, SalesSettings
from shared.contracts.catalog.price_lists import PriceLevel, PriceMode
from shared.contracts.catalog.products import TaxCategory
from shared.contracts.catalog.stock import HeldLine, HeldQuote, HoldItems, HoldLine
from shared.contracts.catalog.storefront import PriceReason
from shared.contracts.catalog.traces import PriceTrace, RuleOutcome
from shared.contracts.customers.customers import Address, CustomerSnapshot, CustomerStatus
from shared.kernel.ids import derived_id, new_id
from shared.kernel.money import Money, UnitPrice
from shared.testing import agent, customer, staff

PRICES = {"chair": ("50", TaxCategory.STANDARD), "book": ("3.33", TaxCategory.REDUCED), "pen": ("0.33", "standard")}
PRICES |= {"desk": ("20.04", TaxCategory.STANDARD), "gift": ("0", TaxCategory.STANDARD)}
COST = UnitPrice(Decimal("12.3456"), "EUR")
BASE_PRICE = PriceTrace(
    level=PriceLevel.BASE,
    name="Base price",
    outcome=RuleOutcome.APPLIED,
    code="PRICE",
    message="Everyone's price.",
)
HOME = Address(recipient="Bob", lines=["1 rue de la Paix"], postal_code="75002", city="Paris", country="FR")

NANCY, OLAF = agent(new_id()), agent(new_id())
CLERK = staff(Permission.ORDERS_READ, Permission.ORDERS_PLACE, Permission.ORDERS_CANCEL)
ACCOUNTANT = staff(Permission.ORDERS_READ, Permission.PAYMENTS_WRITE)


def euros(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def seller(record: Any, called: str, **changes: Any) -> AgentSnapshot:
    plain: dict[str, Any] = {
        "id": record,
        "version": 1,
        "name": called,
        "email": f"{called.lower()}@example.com",
        "locale": "fr",
        "group_id": new_id(),
        "parent_id": None,
        "status": AgentStatus.ACTIVE,
        "max_discount_percent": Decimal(10),
        "max_increase_percent": Decimal(10),
    }
    return AgentSnapshot(**plain | changes)


def nancy(**changes: Any) -> AgentSnapshot:
    return seller(NANCY.id, "Nancy", **changes)


def olaf(**changes: Any) -> AgentSnapshot:
    return seller(OLAF.id, "Olaf", **changes)


def bob(**changes: Any) -> CustomerSnapshot:
    plain: dict[str, Any] = {
        "id": BOB_ID,
        "version": 1,
        "email": "bob@example.com",
        "name": "Bob",
        "locale": "fr",
        "status": CustomerStatus.APPROVED,
        "company_id": None,
        "company_name": "Bob & Fils",
        "group_ids": [new_id()],
        "agent_id": NANCY.id,
        "billing_address": HOME,
        "shipping_address": None,
    }
    return CustomerSnapshot(**plain | changes)


BOB_ID = new_id()
BOB = bob()
BOB_HIMSELF = customer(BOB_ID)
RULES = SalesSettings(
    id=new_id(),
    version=1,
    agents_serve_all=False,
    attribution=[Attribution.CUSTOMER_AGENT, Attribution.ACTING_AGENT],
)


def terms(snapshot: AgentSnapshot, settings: SalesSettings = RULES) -> SellerTerms:
    return SellerTerms(agent=snapshot, settings=settings)


def held(hold: HoldItems, surcharge: Money | None = None, mode: PriceMode = PriceMode.NET) -> HeldQuote:
    """Price and hold as catalog would: everything is there, hand-set prices are taken as they are."""
    return HeldQuote(
        order_id=hold.order_id,
        price_mode=mode,
        market=hold.market or "home",
        lines=[held_line(line) for line in hold.lines],
        surcharge=surcharge,
        expires_at=datetime.now(UTC) + timedelta(minutes=5),
    )


def held_line(line: HoldLine) -> HeldLine:
    amount, category = PRICES[line.sku]
    price = UnitPrice(Decimal(amount), "EUR")
    return HeldLine(
        variant_id=derived_id("variant", line.sku),
        product_id=derived_id("product", line.sku),
        sku=line.sku,
        name=line.sku.title(),
        quantity=line.quantity,
        list_price=price,
        unit_price=line.unit_price or price,
        price_reason=PriceReason.AGENT if line.unit_price else PriceReason.BASE,
        tax_category=TaxCategory(category),
        commissionable=True,
        computed_price=price,
        cost=COST,
        price_list_id=derived_id("price list", line.sku),
        price_list_version=3,
        trace=[BASE_PRICE.model_copy(update={"amount_out": price})],
    )
