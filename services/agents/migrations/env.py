"""Migrates the tables of agents."""

from services.agents.models import Base
from shared.database.migrations import run

run(Base.metadata)
