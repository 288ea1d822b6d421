from decimal import Decimal
from typing import Any

import httpx
import pytest

from services.gateway.examples import people
from shared.contracts.catalog.storefront import ProductView
from shared.kernel.problems import PreconditionFailed, PreconditionRequired

CUSTOMER = f"/v1/customers/{people.CUSTOMER}"
PRODUCT = f"/v1/products/{people.PRODUCT}"
GROUP_PRICE = f"/v1/prices/groups/{people.GROUP}/CAFE-1KG"


async def test_a_resource_carries_its_version_as_etag(http: httpx.AsyncClient) -> None:
    assert (await http.get(CUSTOMER)).headers["etag"] == '"2"'


async def test_an_edit_without_if_match_is_asked_for_it(http: httpx.AsyncClient, owners: Any) -> None:
    for headers in ({}, {"If-Match": "*"}):
        answer = await http.patch(CUSTOMER, json={"name": "Lucie"}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (428, "PRECONDITION_REQUIRED")
    assert owners.asked == []


@pytest.mark.parametrize("tag", ['"x"', "2", 'W/"2"', '"2", "3"', '"-1"', '"12345678901"', '""'])
async def test_an_etag_that_was_never_given_out_matches_nothing(http: httpx.AsyncClient, owners: Any, tag: str) -> None:
    answer = await http.patch(CUSTOMER, json={"name": "Lucie"}, headers={"If-Match": tag})

    assert (answer.status_code, answer.json()["code"]) == (412, "PRECONDITION_FAILED")
    assert owners.asked == []


async def test_an_edit_of_what_changed_meanwhile_is_the_owners_412(http: httpx.AsyncClient, owners: Any) -> None:
    owners.answers["ChangeCustomer"] = PreconditionFailed()
    answer = await http.patch(CUSTOMER, json={"name": "Lucie"}, headers={"If-Match": '"1"'})

    assert (answer.status_code, owners.asked[0].expected_version) == (412, 1)


async def test_the_etag_of_a_product_may_be_sent_back_as_it_came_or_as_its_version(
    http: httpx.AsyncClient, owners: Any
) -> None:
    given = (await http.get(PRODUCT)).headers["etag"]
    for tag in (given, '"3"'):
        await http.patch(PRODUCT, json={"name": "Beans"}, headers={"If-Match": tag})

    assert [command.expected_version for command in owners.asked[1:]] == [3, 3]


async def test_a_groups_price_is_set_without_if_match_and_changed_with_it(http: httpx.AsyncClient, owners: Any) -> None:
    body = {"unit_price": {"amount": "19.90", "currency": "EUR"}}
    tag = (await http.get(f"{GROUP_PRICE}?currency=EUR")).headers["etag"]
    for headers in ({}, {"If-Match": tag}):
        assert (await http.put(GROUP_PRICE, json=body, headers=headers)).status_code == 200

    assert [command.expected_version for command in owners.asked[1:]] == [None, 1]


async def test_a_groups_price_that_stands_is_the_owners_428(http: httpx.AsyncClient, owners: Any) -> None:
    owners.answers["SetGroupPrice"] = PreconditionRequired()
    body = {"unit_price": {"amount": "19.90", "currency": "EUR"}}

    answer = await http.put(GROUP_PRICE, json=body)
    assert (answer.status_code, answer.json()["code"]) == (428, "PRECONDITION_REQUIRED")
    answer = await http.put(GROUP_PRICE, json=body, headers={"If-Match": '"x"'})
    assert (answer.status_code, len(owners.asked)) == (412, 1)


async def test_who_has_it_already_is_told_304_without_a_body(http: httpx.AsyncClient) -> None:
    for path in (CUSTOMER, PRODUCT, "/v1/products", "/v1/me", "/openapi.json", "/docs", "/docs/page.css"):
        first = await http.get(path)
        again = await http.get(path, headers={"If-None-Match": f'"other", {first.headers["etag"]}'})

        assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        assert "content-type" not in again.headers


async def test_a_product_whose_stock_moved_is_sent_again_though_its_version_stayed(
    http: httpx.AsyncClient, owners: Any, example: Any
) -> None:
    tag = (await http.get(PRODUCT)).headers["etag"]
    product = example(ProductView)
    sold = product.model_copy(update={"variants": [product.variants[0].model_copy(update={"available": Decimal(1)})]})
    owners.answers["GetProduct"] = sold

    answer = await http.get(PRODUCT, headers={"If-None-Match": tag})
    assert (answer.status_code, answer.json()["version"]) == (200, 3)


async def test_a_change_is_never_answered_304(http: httpx.AsyncClient) -> None:
    answer = await http.patch(CUSTOMER, json={"name": "L"}, headers={"If-Match": '"2"', "If-None-Match": '"2"'})

    assert answer.status_code == 200


async def test_head_answers_as_get_without_a_body(http: httpx.AsyncClient) -> None:
    got, headed = await http.get(CUSTOMER), await http.head(CUSTOMER)

    assert (headed.status_code, headed.content) == (200, b"")
    assert {name: headed.headers[name] for name in ("etag", "content-length")} == {
        name: got.headers[name] for name in ("etag", "content-length")
    }
