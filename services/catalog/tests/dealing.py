"""Dealing in tests: price lists, settings and rules as those who keep the catalogue enter them."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.catalog.handlers import events
from services.catalog.handlers.commands.catalog_settings import change_catalog_settings
from services.catalog.handlers.commands.categories import create_category
from services.catalog.handlers.commands.group_terms import set_group_terms
from services.catalog.handlers.commands.price_lists import change_price_list, create_price_list
from services.catalog.handlers.commands.price_rows import put_price_rows
from services.catalog.handlers.commands.quantity_rules import set_quantity_rule
from services.catalog.handlers.commands.visibility import set_visibility_rule
from services.catalog.handlers.queries.catalog_settings import get_catalog_settings
from services.catalog.repository.tables import rule_book
from services.catalog.tests.samples import KEEPER, Shop
from shared.contracts.catalog.catalog_settings import (
    THE_BOOK,
    CatalogSettings,
    ChangeCatalogSettings,
    GetCatalogSettings,
)
from shared.contracts.catalog.categories import CategoryView, CreateCategory
from shared.contracts.catalog.group_terms import GroupTermsView, SetGroupTerms
from shared.contracts.catalog.price_lists import (
    AdjustmentKind,
    ChangePriceList,
    CreatePriceList,
    ListStatus,
    ListTarget,
    PriceLevel,
    PriceListView,
    Scope,
    TargetKind,
)
from shared.contracts.catalog.price_rows import NewPriceRow, PutPriceRows
from shared.contracts.catalog.rules import QuantityRuleView, SetQuantityRule
from shared.contracts.catalog.visibility import SetVisibilityRule, VisibilityRuleView
from shared.contracts.customers.companies import CompanyCreated, CompanySnapshot
from shared.contracts.customers.customers import CustomerSnapshot
from shared.contracts.customers.groups import GroupSnapshot
from shared.kernel.ids import new_id

EVERYONE = ListTarget(kind=TargetKind.EVERYONE)
LEVELS = {
    TargetKind.GROUP: PriceLevel.GROUP,
    TargetKind.MARKET: PriceLevel.MARKET,
    TargetKind.EVERYONE: PriceLevel.MARKET,
}


def to(*known: GroupSnapshot | CustomerSnapshot | CompanySnapshot | str) -> list[ListTarget]:
    """Return these as targets of a price list; a word is the code of a market."""
    kinds = {
        GroupSnapshot: TargetKind.GROUP,
        CustomerSnapshot: TargetKind.CUSTOMER,
        CompanySnapshot: TargetKind.COMPANY,
    }
    return [
        ListTarget(kind=TargetKind.MARKET, code=one)
        if isinstance(one, str)
        else ListTarget(kind=kinds[type(one)], id=one.id)
        for one in known
    ]


def row(value: str, target: str | None = "chair", scope: Scope = Scope.VARIANT, **given: Any) -> NewPriceRow:
    given = {name: Decimal(fact) if name in ("min_qty", "max_qty") else fact for name, fact in given.items()}
    return NewPriceRow(**{"scope": scope, "target": target, "value": Decimal(value)} | given)


def off(percent: str, target: str | None = None, scope: Scope = Scope.ALL, **given: Any) -> NewPriceRow:
    return row(percent, target, scope, kind=AdjustmentKind.PERCENT_OFF, **given)


async def agreed(shop: Shop, targets: list[ListTarget], *rows: NewPriceRow, **given: Any) -> PriceListView:
    """Enter a price list that counts, with its rows; its level is that of its targets unless told otherwise."""
    facts: dict[str, Any] = {
        "code": f"list-{new_id()}",
        "name": "Agreed",
        "level": LEVELS.get(targets[0].kind, PriceLevel.CONTRACT),
        "currency": "EUR",
        "status": ListStatus.ACTIVE,
        "targets": targets,
    }
    view: PriceListView = await shop(create_price_list, CreatePriceList(**facts | given), KEEPER)
    put = await shop(put_price_rows, PutPriceRows(id=view.id, expected_version=1, rows=list(rows)), KEEPER)
    return view.model_copy(update={"version": put.version})


async def relisted(shop: Shop, view: PriceListView, **changes: Any) -> PriceListView:
    """Change what a price list says of itself."""
    kept = ChangePriceList.model_fields.keys() & PriceListView.model_fields.keys()
    command = ChangePriceList(**view.model_dump(include=kept) | {"expected_version": view.version} | changes)
    changed: PriceListView = await shop(change_price_list, command, KEEPER)
    return changed


async def settled(shop: Shop, **changes: Any) -> CatalogSettings:
    """Change some of the shop's settings."""
    before: CatalogSettings = await shop(get_catalog_settings, GetCatalogSettings(), KEEPER)
    kept = before.model_dump(exclude={"id", "version"})
    command = ChangeCatalogSettings(expected_version=before.version, **kept | changes)
    after: CatalogSettings = await shop(change_catalog_settings, command, KEEPER)
    return after


async def shows(
    shop: Shop, scope: str, target_id: UUID, buyer: GroupSnapshot | CustomerSnapshot | None = None, *, visible: bool
) -> VisibilityRuleView:
    """Let a buyer, or everyone, see a product or category, or not."""
    buyer_scope = "everyone" if buyer is None else "group" if isinstance(buyer, GroupSnapshot) else "customer"
    said = {"buyer_scope": buyer_scope, "buyer_id": buyer and buyer.id, "scope": scope, "target_id": target_id}
    command = SetVisibilityRule.model_validate(said | {"visible": visible})
    rule: VisibilityRuleView = await shop(set_visibility_rule, command, KEEPER)
    return rule


async def limits(shop: Shop, scope: str, target_id: UUID | None = None, **said: Any) -> QuantityRuleView:
    """Limit how many of some goods are ordered."""
    command = SetQuantityRule.model_validate({"scope": scope, "target_id": target_id} | said)
    rule: QuantityRuleView = await shop(set_quantity_rule, command, KEEPER)
    return rule


async def bargains(shop: Shop, group: GroupSnapshot, **said: Any) -> GroupTermsView:
    """Say on what terms a group buys."""
    view: GroupTermsView = await shop(set_group_terms, SetGroupTerms(group_id=group.id, **said), KEEPER)
    return view


async def a_category(shop: Shop, code: str, parent: CategoryView | None = None) -> CategoryView:
    asked = CreateCategory(code=code, name=code.title(), parent_id=parent and parent.id)
    view: CategoryView = await shop(create_category, asked, KEEPER)
    return view


async def rules_changed(shop: Shop) -> int:
    """Return how often rules have changed."""
    work = shop.work_as(KEEPER)
    try:
        return int(await work.session.scalar(select(rule_book.c.version).where(rule_book.c.id == THE_BOOK)))
    finally:
        await work.session.close()


async def a_company(shop: Shop, parent: CompanySnapshot | None = None) -> CompanySnapshot:
    """Return a company that this service has heard of."""
    facts = {"legal_name": "Acme", "vat_number": None, "siret": None, "country": "FR"}
    company = CompanySnapshot(id=new_id(), version=1, parent_id=parent and parent.id, **facts)
    await shop(events.keep_created_company, CompanyCreated(company=company))
    return company
