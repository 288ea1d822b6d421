"""What requests and answers look like, one example for each contract of the public API."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from services.gateway.examples import (
    agents,
    bulk,
    catalog,
    customers,
    identity,
    images,
    orders,
    pricing,
    products,
    rules,
    staff,
    stock,
    storefront,
)
from shared.contracts.values import Contract, Page

PARTS = (identity, bulk, images, products, catalog, pricing, rules, customers, agents, orders, stock, storefront, staff)
SENT: Mapping[str, dict[str, Any]] = {name: body for part in PARTS for name, body in part.SENT.items()}
ANSWERED: Mapping[str, Any] = {name: body for part in PARTS for name, body in part.ANSWERED.items()}
STREAM = staff.STREAM


def sent(contract: type[Contract], elsewhere: frozenset[str]) -> dict[str, Any]:
    """Return a body that this contract is filled from. Raises KeyError for a contract without an example."""
    return {name: value for name, value in SENT[contract.__name__].items() if name not in elsewhere}


def answered(reply: type[BaseModel]) -> Any:
    """Return what an answer of this type looks like; a page is made of its item. Raises KeyError without an example."""
    if issubclass(reply, Page):
        item = reply.__pydantic_generic_metadata__["args"][0]
        return {"items": [ANSWERED[item.__name__]], "next": None}
    return ANSWERED[reply.__name__]
