"""Which events each service handles, read from its handlers."""

import importlib
import pkgutil
from functools import cache

from shared.contracts.base import Event
from shared.messaging.handler import handlers_in


@cache
def handled_by(service: str) -> frozenset[type[Event]]:
    """Return the events that a service's handlers hear."""
    home = f"services.{service}.handlers"
    modules = [module.name for module in pkgutil.walk_packages(importlib.import_module(home).__path__, f"{home}.")]
    heard = (contract for name in modules for contract, _ in handlers_in([importlib.import_module(name)]))
    return frozenset(contract for contract in heard if issubclass(contract, Event))
