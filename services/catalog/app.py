"""The composition root of catalog."""

from services.catalog import invariants
from services.catalog.handlers import events, jobs, queries
from services.catalog.handlers.commands import holds, prices, products, stock
from shared.service import create_service
from shared.settings import ServiceSettings
