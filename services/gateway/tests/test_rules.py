"""Catalogue rules over HTTP: bad input is refused before anyone is asked, If-Match names what is replaced."""

from typing import Any

import httpx
import pytest

from services.gateway.examples import rules
from services.gateway.examples.people import CUSTOMER, GROUP, PRODUCT

QUANTITIES, SIGHTS = "/v1/quantity-rules", "/v1/visibility-rules"
ACCESS, TERMS = f"/v1/products/{PRODUCT}/access-list", f"/v1/customer-groups/{GROUP}/terms"


@pytest.mark.parametrize(
    ("path", "body", "pointer", "code"),
    [
        (QUANTITIES, {"scope": "all", "min_qty": -1}, "/min_qty", "GREATER_THAN_EQUAL"),
        (QUANTITIES, {"scope": "all", "min_qty": 0.0001}, "/min_qty", "DECIMAL_MAX_PLACES"),
        (QUANTITIES, {"scope": "all", "max_qty": 1e15}, "/max_qty", "DECIMAL_MAX_DIGITS"),
        (QUANTITIES, {"scope": "all", "multiple": "NaN"}, "/multiple", "FINITE_NUMBER"),
        (QUANTITIES, {"scope": "all", "multiple": True}, "/multiple", "DECIMAL_TYPE"),
        (QUANTITIES, {"scope": "all", "period_qty": 5, "period_days": 0}, "/period_days", "GREATER_THAN_EQUAL"),
        (QUANTITIES, {"scope": "shop", "min_qty": 1}, "/scope", "ENUM"),
        (QUANTITIES, {"min_qty": 1}, "/scope", "MISSING"),
        (QUANTITIES, {"scope": "all", "min": 1}, "/min", "EXTRA_FORBIDDEN"),
        (QUANTITIES, {"scope": "all", "target_id": "chair", "min_qty": 1}, "/target_id", "UUID_PARSING"),
        (QUANTITIES, {"scope": "all", "expected_version": 1, "min_qty": 1}, "/expected_version", "EXTRA_FORBIDDEN"),
        (SIGHTS, rules.SENT["SetVisibilityRule"] | {"visible": "yes"}, "/visible", "BOOL_TYPE"),
        (SIGHTS, {"buyer_scope": "group", "scope": "product", "target_id": PRODUCT}, "/visible", "MISSING"),
        (ACCESS, {"customer_ids": ["ann"]}, "/customer_ids/0", "UUID_PARSING"),
        (ACCESS, {"customer_ids": [CUSTOMER] * 1001}, "/customer_ids", "TOO_LONG"),
        (TERMS, {"minimum_qty": 0}, "/minimum_qty", "GREATER_THAN"),
        (TERMS, {"minimum_subtotal": {"amount": 500, "currency": "EUR"}}, "/minimum_subtotal/amount", "STRING_TYPE"),
        (TERMS, {"action": "cancel"}, "/action", "ENUM"),
    ],
)
async def test_bad_input_names_its_field_and_is_passed_to_nobody(
    http: httpx.AsyncClient, owners: Any, path: str, body: Any, pointer: str, code: str
) -> None:
    answer = await http.put(path, json=body)

    assert (answer.status_code, answer.json()["code"]) == (422, "MALFORMED")
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [(pointer, code)]
    assert owners.asked == []


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (QUANTITIES, "SetQuantityRule"),
        (SIGHTS, "SetVisibilityRule"),
        (ACCESS, "PutAccessList"),
        (TERMS, "SetGroupTerms"),
    ],
)
async def test_what_is_set_is_answered_with_its_version_to_name(
    http: httpx.AsyncClient, owners: Any, path: str, name: str
) -> None:
    first = await http.put(path, json=rules.SENT[name])
    second = await http.put(path, json=rules.SENT[name], headers={"If-Match": first.headers["ETag"]})

    assert (first.status_code, second.status_code, first.headers["ETag"]) == (200, 200, '"1"')
    assert [type(asked).__name__ for asked in owners.asked] == [name, name]
    assert [asked.expected_version for asked in owners.asked] == [None, 1]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (f"{QUANTITIES}/{rules.QUANTITY_RULE}", "DeleteQuantityRule"),
        (f"{SIGHTS}/{rules.VISIBILITY_RULE}", "DeleteVisibilityRule"),
        (ACCESS, "DeleteAccessList"),
    ],
)
async def test_what_is_deleted_was_read_before(http: httpx.AsyncClient, owners: Any, path: str, name: str) -> None:
    unread = await http.delete(path)
    deleted = await http.delete(path, headers={"If-Match": '"3"'})

    assert (unread.status_code, deleted.status_code) == (428, 204)
    assert [(type(asked).__name__, asked.expected_version) for asked in owners.asked] == [(name, 3)]


async def test_why_somebody_does_not_see_a_product_is_one_question(http: httpx.AsyncClient, owners: Any) -> None:
    answer = await http.get(f"/v1/products/{PRODUCT}/visibility-explanation", params={"customer_id": CUSTOMER})

    assert (answer.status_code, answer.json()) == (200, rules.ANSWERED["VisibilityExplanation"])
    (asked,) = owners.asked
    assert (str(asked.id), str(asked.customer_id), asked.sku) == (PRODUCT, CUSTOMER, None)
