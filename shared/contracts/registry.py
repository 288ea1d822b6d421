"""The whole published language, and who owns it. The services of the house are those that own contracts.

Whatever needs a list of them asks here; what is about code on disk asks the folder `services/`. tests/architecture
holds both, and every file that no code can derive, against each other.
"""

import importlib
import pkgutil
from functools import cache

import shared.contracts
from shared.contracts.base import ANY_SERVICE, Message


@cache
def load_contracts() -> None:
    """Import every contract module, so that `Message.registry` is complete."""
    for module in pkgutil.walk_packages(shared.contracts.__path__, "shared.contracts."):
        importlib.import_module(module.name)


@cache
def owners() -> tuple[str, ...]:
    """Return the services that own contracts, by name. The gateway owns none: it only asks."""
    load_contracts()
    return tuple(sorted({message.owner for message in Message.registry.values()} - {ANY_SERVICE}))
