"""The tables of catalog: state only, no rules."""

from services.catalog.models.base import Base
from services.catalog.models.bulk import ImportFinding, ImportForeseen, ImportRun, Upload, UploadPart
from services.catalog.models.holds import AllocationLine, AllocationRound, Hold, HoldLine, MissedAllocation
from services.catalog.models.price_changes import PriceChange, PriceDifference
from services.catalog.models.prices import (
    BasePrice,
    MarketPrice,
    PriceList,
    PriceListTarget,
    PriceRow,
    Promotion,
    PublicPrice,
    RuleBook,
)
from services.catalog.models.products import (
    CatalogueChange,
    Category,
    ContentBlock,
    Product,
    ProductImage,
    ProductLink,
    Variant,
)
from services.catalog.models.projections import Buyer, BuyerCompany, BuyerGroup, SalesRules, Seller
from services.catalog.models.rules import GroupTerms, QuantityRule, VisibilityRule
from services.catalog.models.stock import Stock, StockMovement, Warehouse, WarehouseStock

__all__ = [
    "AllocationLine",
    "AllocationRound",
    "Base",
    "BasePrice",
    "Buyer",
    "BuyerCompany",
    "BuyerGroup",
    "CatalogueChange",
    "Category",
    "ContentBlock",
    "GroupTerms",
    "Hold",
    "HoldLine",
    "ImportFinding",
    "ImportForeseen",
    "ImportRun",
    "MarketPrice",
    "MissedAllocation",
    "PriceChange",
    "PriceDifference",
    "PriceList",
    "PriceListTarget",
    "PriceRow",
    "Product",
    "ProductImage",
    "ProductLink",
    "Promotion",
    "PublicPrice",
    "QuantityRule",
    "RuleBook",
    "SalesRules",
    "Seller",
    "Stock",
    "StockMovement",
    "Upload",
    "UploadPart",
    "Variant",
    "VisibilityRule",
    "Warehouse",
    "WarehouseStock",
]
