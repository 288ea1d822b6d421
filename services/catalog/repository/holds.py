"""Holds: claimed once per order, released or allocated once."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Interval, LargeBinary, Row, String, Uuid, any_, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.domain.dealings import Dealing
from services.catalog.domain.holds import HOLD_FOR, HoldState
from services.catalog.domain.stock import Taken
from services.catalog.models import Hold, HoldLine
from services.catalog.repository import dealings
from services.catalog.repository.stock import WANTED
