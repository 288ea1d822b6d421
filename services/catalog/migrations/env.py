"""Migrates the tables of catalog."""

from services.catalog.models import Base
from shared.database.migrations import run

run(Base.metadata)
