"""Migrates the tables of orders."""

from services.orders.models import Base
from shared.database.migrations import run

run(Base.metadata)
