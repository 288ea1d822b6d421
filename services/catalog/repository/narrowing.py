"""What a search is narrowed to, as SQL that tells of a row of `products` whether it is found."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal
from uuid import UUID

from pydantic_core import to_json

from services.catalog.domain.price_orders import AMOUNT, WIDTH, PriceOrder
from services.catalog.domain.sight import Sight
from services.catalog.domain.terms import Terms
from services.catalog.repository import sights, wording
from services.catalog.repository.goods import PUBLISHED
from services.catalog.repository.wording import HAS_WORDS

How = Literal["none", "words", "alike"]
"""By what products are found: by nothing but what else is asked for, by words, or by what is like them."""
Kind = tuple[How, bool, int, bool]
EVERYTHING: Kind = ("none", False, 0, False)
# A subquery of its own is computed once; an expression would be for every product found.
TYPED = "(SELECT unaccent(lower(CAST(:q AS text))))"
# Of what was remembered of products, each one that was committed since has renewed a stamp.
STATE = "(SELECT coalesce(md5(string_agg(stamp::text, ' ' ORDER BY id)), '') FROM catalogue_changes)"
"""The state of all products: the same as long as none is made, changed or deleted."""
SINCE = """greatest(
    (SELECT max(published_from) FROM products WHERE published_from <= :as_of),
    (SELECT max(published_until) FROM products WHERE published_until <= :as_of))"""
UNTIL = """least(
    (SELECT min(published_from) FROM products WHERE published_from > :as_of),
    (SELECT min(published_until) FROM products WHERE published_until > :as_of))"""
# Unpacked by the database, which takes no longer than to send each id; IS TRUE: looked up, and never joined and sorted.
_ONLY = f"""(products.id IN (
    SELECT encode(substr(CAST(:only AS bytea), {WIDTH} * place + {AMOUNT + 1}, {WIDTH - AMOUNT}), 'hex')::uuid
    FROM generate_series(0, length(CAST(:only AS bytea)) / {WIDTH} - 1) AS place)) IS TRUE"""  # noqa: S608
LASTING = f"{STATE} AS state, {SINCE} AS since, {UNTIL} AS until"
"""How long what a statement finds of products holds, as columns."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a search is narrowed to; `only`: to these products, as those that cost so much."""

    how: How
    typed: str | None
    category_ids: Sequence[UUID] | None
    attributes: Mapping[str, Sequence[str]]
    only: PriceOrder | None = None

    @property
    def kind(self) -> Kind:
        """Return what makes two searches one statement."""
        return self.how, self.category_ids is not None, len(self.attributes), self.only is not None

    @property
    def key(self) -> Hashable:
        """Return what makes two searches find the same, `only` apart."""
        return (
            self.how,
            self.typed,
            _digest(self.category_ids),
            frozenset((code, frozenset(of)) for code, of in self.attributes.items()),
        )


def _digest(ids: Sequence[UUID] | None) -> bytes | None:
    """Return what stands for thousands of categories in what is remembered: none of these keys may be large."""
    return None if ids is None else sha256(b"".join(sorted(id_.bytes for id_ in ids))).digest()


def where(kind: Kind, condition: str) -> str:
    """Return the condition of a kind of search; `condition` is that of what is seen."""
    how, by_category, attributes, listed = kind
    parts = ["products.status = 'active'", PUBLISHED, condition]
    if how == "words":
        parts.append(HAS_WORDS)
    if how == "alike":
        parts.append(f"{TYPED} <% products.words")
    if by_category:
        parts.append("products.category_ids && CAST(:category_ids AS uuid[])")
    # As an index on attributes finds it: one of these objects is contained.
    parts += [f"products.attributes @> ANY (CAST(:attribute{number} AS jsonb[]))" for number in range(attributes)]
    if listed:
        parts.append(_ONLY)
    return " AND ".join(parts)


def given(narrowed: Narrowed, terms: Terms, sight: Sight) -> dict[str, Any]:
    """Return what `where` and `LASTING` bind."""
    bound: dict[str, Any] = {"as_of": terms.as_of, **sights.given(sight)}
    if narrowed.typed is not None:
        bound |= wording.given(narrowed.typed)
    if narrowed.category_ids is not None:
        bound["category_ids"] = list(narrowed.category_ids)
    if narrowed.only is not None:
        bound["only"] = narrowed.only.entries
    for number, (code, values) in enumerate(narrowed.attributes.items()):
        bound[f"attribute{number}"] = [to_json({code: [value]}).decode() for value in values]
    return bound
