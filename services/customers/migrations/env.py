"""Migrates the tables of customers."""

from services.customers.models import Base
from shared.database.migrations import run

run(Base.metadata)
