"""Search: products by words, narrowed by facets, at the caller's own prices."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.actor import Permission
from shared.contracts.base import Contract, Query
from shared.contracts.catalog.storefront import ProductView
from shared.contracts.values import Code, Currency, Line, Locale, PageSize
from shared.kernel.money import Amount, UnitPrice
from shared.kernel.problems import Malformed

PRICED_AT_ONCE, COMPUTED_AT_ONCE = 200_000, 25_000
"""To be sorted or narrowed by price, so many products at most may be ones that a price list or promotion of the caller
is about, and so many prices are computed: one for all that no rule and no base price tells apart. What costs its base
price counts in neither."""


class Sort(StrEnum):
    """In which order products are listed. A price is the caller's own, that of the cheapest variant."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    NAME = "name"
    PRICE = "price"
    PRICE_DESC = "-price"


class FacetValue(Contract):
    """A value that products found have, and how many of them."""

    value: str
    count: int


class Facet(Contract):
    """An attribute of products found, with its most frequent values."""

    code: Code
    values: list[FacetValue]


class CategoryCount(Contract):
    """How many products found stand directly in a category."""

    category_id: UUID
    count: int


class PriceRange(Contract):
    """The lowest and the highest price that the caller pays for a product found."""

    lowest: UnitPrice
    highest: UnitPrice


class SearchResult(Contract):
    """One page of what was found, and how all that was found divides. `total` counts all pages.

    A facet that values are chosen from counts as if none was, so that another of its values may be chosen as well.
    `price_range` is told where the search sorts or narrows by price. `forgiving`: no product has these words, and these
    are the nearest to them.
    """

    items: list[ProductView]
    next: str | None
    total: int
    facets: list[Facet]
    categories: list[CategoryCount]
    price_range: PriceRange | None
    forgiving: bool


class SearchTooBroad(Malformed):
    """Too many prices of the caller's own would have to be computed; name a category, an attribute or more words."""


class SearchProducts(Query[SearchResult], subject="catalog.search_products.v1", allow={Permission.PUBLIC}):
    """Finds products by words in French and English, whatever their accents, and by SKU or barcode first of all.

    The last word may be one that is still being typed. Where nothing has these words, typing errors are forgiven.
    A page ends before its limit where its products are large; the cursor leads on.
    """

    # The first search of a large shop by a caller's own prices reads and computes all of them.
    timeout: ClassVar[float] = 10.0

    q: Line | None = Field(default=None, max_length=100)
    customer_id: UUID | None = None
    currency: Currency = "EUR"
    market: Code | None = None
    locale: Locale = "fr"
    category_id: UUID | None = Field(default=None, description="What stands in it or below it.")
    attributes: Line | None = Field(
        default=None,
        max_length=500,
        description="Attributes and the values wanted, one of each: brand:Acme,Solid;material:oak",
    )
    min_price: Amount | None = Field(default=None, description="At the caller's own price, in the currency asked for.")
    max_price: Amount | None = None
    sort: Sort = Sort.RELEVANCE
    cursor: str | None = None
    limit: PageSize = 20
