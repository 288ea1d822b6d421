"""The tables as SQLAlchemy Core sees them, for statements that are built once and read plain rows."""

from typing import cast

from sqlalchemy import Table

from services.catalog import models

categories = cast(Table, models.Category.__table__)
products = cast(Table, models.Product.__table__)
product_links = cast(Table, models.ProductLink.__table__)
product_images = cast(Table, models.ProductImage.__table__)
variants = cast(Table, models.Variant.__table__)
base_prices = cast(Table, models.BasePrice.__table__)
price_lists = cast(Table, models.PriceList.__table__)
price_list_targets = cast(Table, models.PriceListTarget.__table__)
price_rows = cast(Table, models.PriceRow.__table__)
price_differences = cast(Table, models.PriceDifference.__table__)
public_prices = cast(Table, models.PublicPrice.__table__)
rule_book = cast(Table, models.RuleBook.__table__)
visibility_rules = cast(Table, models.VisibilityRule.__table__)
quantity_rules = cast(Table, models.QuantityRule.__table__)
group_terms = cast(Table, models.GroupTerms.__table__)
warehouses = cast(Table, models.Warehouse.__table__)
warehouse_stocks = cast(Table, models.WarehouseStock.__table__)
stocks = cast(Table, models.Stock.__table__)
movements = cast(Table, models.StockMovement.__table__)
holds = cast(Table, models.Hold.__table__)
allocation_lines = cast(Table, models.AllocationLine.__table__)
allocation_rounds = cast(Table, models.AllocationRound.__table__)
missed_allocations = cast(Table, models.MissedAllocation.__table__)
hold_lines = cast(Table, models.HoldLine.__table__)
upload_parts = cast(Table, models.UploadPart.__table__)
import_findings = cast(Table, models.ImportFinding.__table__)
import_foreseen = cast(Table, models.ImportForeseen.__table__)
