"""The tables as SQLAlchemy Core sees them, for statements that are built once and read plain rows."""

from typing import cast

from sqlalchemy import Table

from services.catalog import models

products = cast(Table, models.Product.__table__)
product_categories = cast(Table, models.ProductCategory.__table__)
variants = cast(Table, models.Variant.__table__)
prices = cast(Table, models.Price.__table__)
stocks = cast(Table, models.Stock.__table__)
movements = cast(Table, models.StockMovement.__table__)
holds = cast(Table, models.Hold.__table__)
allocation_rounds = cast(Table, models.AllocationRound.__table__)
missed_allocations = cast(Table, models.MissedAllocation.__table__)
hold_lines = cast(Table, models.HoldLine.__table__)
buyers = cast(Table, models.Buyer.__table__)
buyer_groups = cast(Table, models.BuyerGroup.__table__)
sellers = cast(Table, models.Seller.__table__)
sales_rules = cast(Table, models.SalesRules.__table__)
