"""The floors' own broker, database and servers, beside a house that runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from bench.children import Child, Servers
from bench.floors.hop import SUBJECT
from devstack.house import House

__all__ = ["SUBJECT", "Ground"]
SCHEMA = Path(__file__).with_name("schema.sql")
