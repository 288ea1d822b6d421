"""Migrates the tables of notifications."""

from services.notifications.models import Base
from shared.database.migrations import run

run(Base.metadata)
