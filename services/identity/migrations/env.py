"""Migrates the tables of identity."""

from services.identity.models import Base
from shared.database.migrations import run

run(Base.metadata)
