"""The columns of each kind of file: what they mean, and how their cells are read."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from services.catalog.domain.bulk import cells
from services.catalog.domain.bulk.cells import Reads
from services.catalog.domain.stock import MOST
from shared.contracts.catalog.bulk import ImportKind
from shared.contracts.catalog.price_lists import PriceMode, Reference
from shared.contracts.catalog.products import ProductStatus, TaxCategory
from shared.contracts.catalog.rules import QuantityBasis

MOST_COLUMNS = 100
UPSERT, DELETE = "upsert", "delete"
AMOUNT = cells.number(4)
LIMIT = cells.number(3, most=MOST)
QUANTITY = cells.number(3, least=Decimal("0.001"), most=MOST)
SKU, NAME, LONG = cells.text(64), cells.text(200), cells.long_text(5_000)
MILLIMETRES = cells.whole(1, 1_000_000)
BASIS = cells.one_of(tuple(QuantityBasis))
MODE = cells.one_of(tuple(PriceMode))
ACTION = cells.one_of((UPSERT, DELETE))
STATUS = cells.one_of(tuple(ProductStatus))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file. `needed`: a file must have it, and each of its rows must fill it."""

    name: str
    read: Reads
    meaning: str
    example: str
    needed: bool = False


PRODUCTS = (
    Column("sku", SKU, "The variant's SKU, by which a row is found.", "CAFE-1KG", True),
    Column(
        "code", SKU, "The product's code; its variants' rows have the same and stand together. Empty: the SKU.", "CAFE"
    ),
    Column("name", NAME, "The product's name; needed where the product is new.", "Coffee beans"),
    Column("description", LONG, "The product's description.", "Arabica from Peru."),
    Column("name_fr", NAME, "The product's name in French.", "Café en grains"),
    Column("description_fr", LONG, "The product's description in French.", "Arabica du Pérou."),
    Column("name_en", NAME, "The product's name in English.", "Coffee beans"),
    Column("description_en", LONG, "The product's description in English.", "Arabica from Peru."),
    Column("categories", cells.codes, "The codes of its categories, with bars between them.", "coffee|organic"),
    Column("attributes", cells.pairs, "Its attributes, for facets: code=value, with bars between them.", "origin=Peru"),
    Column("perishable", cells.yes_or_no, "Whether it spoils soon: no lowest price of 30 days is told of it.", "no"),
    Column("status", STATUS, "Whether the product is sold: active or discontinued.", "active"),
    Column("published_from", cells.moment, "Since when the product is in the shop, UTC.", "2026-11-30"),
    Column("published_until", cells.moment, "Until when the product is in the shop, UTC.", "2027-11-30T18:00:00Z"),
    Column("variant_name", NAME, "The variant's own name. Empty: the product's.", "Coffee beans, 1 kg"),
    Column("options", cells.choices, "Its value of each option of the product, by code.", "size=1 kg"),
    Column("variant_status", STATUS, "Whether this variant is sold.", "active"),
    Column("barcode", cells.matching(cells.BARCODE, "3760123456789"), "Its barcode.", "3760123456789"),
    Column("tax_category", cells.one_of(tuple(TaxCategory)), "Its VAT: standard, reduced or zero.", "reduced"),
    Column("commissionable", cells.yes_or_no, "Whether agents earn on it: yes or no.", "yes"),
    Column("unit", cells.text(20), "What one of it is.", "piece"),
    Column("quantity_decimals", cells.whole(0, 3), "How finely its unit is divided: 0 to 3 decimals.", "0"),
    Column("weight", cells.whole(0, 100_000_000), "Grams.", "1050"),
    Column("length", MILLIMETRES, "Millimetres.", "300"),
    Column("width", MILLIMETRES, "Millimetres.", "120"),
    Column("height", MILLIMETRES, "Millimetres.", "80"),
    Column("cost", AMOUNT, "What one of it costs the merchant, in the row's currency.", "11.20"),
    Column("price", AMOUNT, "What one of it costs everyone; needed where the variant is new.", "24.90"),
    Column("original_price", AMOUNT, "What it cost before it was reduced.", "27.90"),
    Column("floor", AMOUNT, "Below this it is never sold.", "18.00"),
    Column("currency", cells.matching(cells.CURRENCY, "EUR"), "Of the row's amounts. Empty: the import's.", "EUR"),
    Column("price_mode", MODE, "Whether price, original_price and floor are net or gross of tax. Empty: net.", "net"),
)
PRICES = (
    Column("sku", SKU, "The variant that the price is for; base prices need it.", "CAFE-1KG"),
    Column("product", SKU, "In a price list: the code of the product whose variants the row is for.", ""),
    Column("category", cells.matching(cells.CODE, "coffee"), "In a price list: the category the row is for.", ""),
    Column("currency", cells.matching(cells.CURRENCY, "EUR"), "Of the row's amounts. Empty: the import's.", "EUR"),
    Column("min_qty", QUANTITY, "In a price list: from which quantity on. Empty: 1.", ""),
    Column("max_qty", QUANTITY, "In a quote: the most that its price is locked for.", ""),
    Column("price", AMOUNT, "What one unit costs.", "24.90"),
    Column("percent_off", cells.number(4, most=Decimal(100)), "In a price list: the percent taken off.", ""),
    Column("amount_off", AMOUNT, "In a price list: the amount taken off each unit.", ""),
    Column("reference", cells.one_of(tuple(Reference)), "In a price list: what is taken off from. Empty: base.", ""),
    Column("price_mode", MODE, "Of a base price: net or gross, without tax or with it. Empty: net.", "net"),
    Column("original_price", AMOUNT, "Of a base price: what it was before it was reduced.", "27.90"),
    Column("floor", AMOUNT, "Of a base price: below this it is never sold.", "18.00"),
    Column("action", ACTION, "delete: the price is taken away, whatever the row says of it. Empty: upsert.", "upsert"),
)
STOCK = (
    Column("sku", SKU, "The variant that was counted.", "CAFE-1KG", True),
    Column("warehouse", cells.matching(cells.CODE, "main"), "The code of the warehouse. Empty: the import's.", "main"),
    Column("on_hand", cells.number(3, most=MOST), "How many are there.", "120", True),
)
QUANTITY_RULES = (
    Column("sku", SKU, "The variant that the rule is about.", "CAFE-1KG"),
    Column("product", SKU, "The code of the product it is about.", ""),
    Column(
        "category", cells.matching(cells.CODE, "coffee"), "The category it is about. All three empty: all goods.", ""
    ),
    Column("customer", cells.identity, "The id of the customer it is for.", ""),
    Column("company", cells.identity, "The id of the company it is for.", ""),
    Column("group", cells.text(40), "The code of the group it is for. All three empty: everyone.", ""),
    Column("min_qty", LIMIT, "The least of one order; 0 lifts what stands farther away. Empty: nothing said.", "6"),
    Column("max_qty", LIMIT, "The most of one order; 0 lifts what stands farther away.", "60"),
    Column("multiple", LIMIT, "Of what the quantity must be a multiple, such as a pack; 0 lifts.", "6"),
    Column("period_qty", LIMIT, "The most a customer may order within period_days; 0 lifts.", ""),
    Column("period_days", cells.whole(1, 3_660), "How many days that period has.", ""),
    Column("basis", BASIS, "Whose quantity counts: variant, or product for all its variants. Empty: variant.", ""),
    Column("action", ACTION, "delete: the rule is taken away, whatever the row says of it. Empty: upsert.", "upsert"),
)
CATEGORIES = (
    Column("code", cells.matching(cells.CODE, "coffee"), "Its code, by which a row is found.", "coffee", True),
    Column("name", NAME, "Its name; needed where the category is new.", "Coffee"),
    Column("name_fr", NAME, "Its name in French.", "Café"),
    Column("name_en", NAME, "Its name in English.", "Coffee"),
    Column("parent", cells.matching(cells.CODE, "drinks"), "The code of the one above. Empty: it is at the top.", ""),
    Column("position", cells.whole(-1_000_000, 1_000_000), "Its place beside others; the lowest comes first.", "10"),
)
OF: Mapping[ImportKind, tuple[Column, ...]] = {
    ImportKind.PRODUCTS: PRODUCTS,
    ImportKind.PRICES: PRICES,
    ImportKind.STOCK: STOCK,
    ImportKind.CATEGORIES: CATEGORIES,
    ImportKind.QUANTITY_RULES: QUANTITY_RULES,
}
KEYS: Mapping[ImportKind, tuple[str, ...]] = {
    ImportKind.PRODUCTS: ("sku",),
    ImportKind.PRICES: ("sku", "product", "category", "currency", "min_qty", "price_mode"),
    ImportKind.STOCK: ("sku", "warehouse"),
    ImportKind.CATEGORIES: ("code",),
    ImportKind.QUANTITY_RULES: ("sku", "product", "category", "customer", "company", "group"),
}
"""What tells the rows of a file from each other: no two may have the same."""


class HeaderFault(ValueError):
    """A header that no import can be read by; the message names the remedy."""


def named(kind: ImportKind, header: list[str]) -> list[str]:
    """Return the columns that a header names. Raises HeaderFault for one unknown, missing or named twice."""
    names = [name.strip().lower() for name in header]
    while names and not names[-1]:
        names.pop()
    if len(names) > MOST_COLUMNS:
        raise HeaderFault(f"The file has {len(names)} columns; it may have {MOST_COLUMNS}. Remove those not needed.")
    known = [column.name for column in OF[kind]]
    if unknown := [name for name in names if name not in known]:
        said = ", ".join(cells.shown(name) or "(no name)" for name in unknown[:5])
        raise HeaderFault(f"These columns are unknown: {said}. A file of {kind} may have {', '.join(known)}.")
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise HeaderFault(f"The column {twice[0]} is there twice; remove one.")
    if missing := [column.name for column in OF[kind] if column.needed and column.name not in names]:
        raise HeaderFault(f"The column {missing[0]} is missing; the first row of the file must name its columns.")
    return names
