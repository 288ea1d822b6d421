"""Whatever anyone types is searched for or refused: no text is a fault of the shop."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from services.catalog.domain.searching import MOST_ATTRIBUTES, MOST_VALUES, wanted
from services.catalog.handlers.queries.search import search_products
from services.catalog.handlers.queries.storefront import list_products
from services.catalog.repository import browsing, counts, goods, pages, price_orders, searches
from services.catalog.tests.samples import Shop
from shared.contracts.actor import VISITOR
from shared.contracts.catalog.search import SearchProducts
from shared.contracts.catalog.storefront import ListProducts
from shared.kernel.problems import Malformed

# Letters and numbers that become signs without their accents, and the signs of the query language themselves.
SIGNS = "⑴⒜ŉ½℀№ﬁ㏂ʼˈː'\\&|!():*<->%_;,{}\"\u2028ab  "
LETTERS = st.characters(exclude_categories=["Cc", "Cs"])
TYPED = st.text(st.sampled_from(SIGNS), max_size=20) | st.text(LETTERS, max_size=100) | st.text(max_size=100)
ON_THE_DATABASE = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
async def stocked(shop: Shop) -> Shop:
    """A shop with something in it: where there is nothing, no words are looked for."""
    await shop.sells("chair", attributes={"brand": ["Acme"]})
    return shop


async def asked(shop: Shop, handler: Any, query: Any, **given: str) -> Any:
    """Return the answer to a question, or None where the question or what it says is refused."""
    try:
        return await shop(handler, query(**given), VISITOR)
    except (ValidationError, Malformed):
        return None


@given(TYPED)
@ON_THE_DATABASE
async def test_any_text_is_searched_for(stocked: Shop, text: str) -> None:
    await asked(stocked, search_products, SearchProducts, q=text)
    await asked(stocked, list_products, ListProducts, q=text)


@given(TYPED)
@ON_THE_DATABASE
async def test_any_text_is_an_attribute_or_a_sku_or_refused(stocked: Shop, text: str) -> None:
    await asked(stocked, search_products, SearchProducts, attributes=text)
    await asked(stocked, search_products, SearchProducts, attributes=f"brand:{text}")
    await asked(stocked, list_products, ListProducts, sku=text)


@pytest.mark.parametrize("q", ["⑴", "½", "foo ⑴", "a⑴b", "ŉ", "⒜", "\N{MODIFIER LETTER APOSTROPHE}", "ː"])
async def test_what_turns_into_signs_without_its_accents_is_searched_for(stocked: Shop, q: str) -> None:
    assert (await stocked(search_products, SearchProducts(q=q), VISITOR)).total == 0
    assert (await stocked(list_products, ListProducts(q=q), VISITOR)).items == []


@pytest.mark.parametrize(("q", "found"), [("⑴ type ty", 1), ("⑴", 1), ("typ", 1), ("ŉew", 1), ("new", 1), ("ne x", 0)])
async def test_such_a_word_finds_what_is_called_so(shop: Shop, q: str, found: int) -> None:
    await shop.sells("Type ⑴ ŉew")

    assert (await shop(search_products, SearchProducts(q=q), VISITOR)).total == found


def attributes(count: int, values: int) -> str:
    return ";".join(f"a{number}:{','.join(map(str, range(values)))}" for number in range(count))


def test_so_many_attributes_and_values_can_be_asked_for_and_no_more() -> None:
    assert len(wanted(attributes(MOST_ATTRIBUTES, MOST_VALUES))) == MOST_ATTRIBUTES
    for text in (
        attributes(MOST_ATTRIBUTES + 1, 1),
        attributes(1, MOST_VALUES + 1),
        f"{attributes(1, MOST_VALUES)};a0:more",
    ):
        with pytest.raises(Malformed) as refused:
            wanted(text)
        assert [(error.pointer, error.code) for error in refused.value.errors] == [
            ("/attributes", "ATTRIBUTES_TOO_MANY")
        ]


@pytest.mark.parametrize(
    "built",
    [
        *(searches._search, browsing._page, counts._counts, price_orders._halves),
        *(pages._page, pages._one, pages._related, goods._on_sale),
    ],
)
def test_only_so_many_statements_are_remembered(built: Any) -> None:
    assert built.cache_parameters()["maxsize"] == 256
