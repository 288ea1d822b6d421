"""Whatever is created through the API: its fields are checked, and the wrong one is named."""

from typing import Any

import pytest

from shared.kernel.ids import new_id
from tests.integration.answers import fresh_key, pointers


@pytest.mark.parametrize(
    ("path", "change", "pointer"),
    [
        ("/v1/customers", {"email": "no address"}, "/email"),
        ("/v1/customers", {"email": "a@b.example\nBcc: all@b.example"}, "/email"),
        ("/v1/customers", {"name": "   "}, "/name"),
        ("/v1/customers", {"name": "Ève\r\nX-Spam: 1"}, "/name"),
        ("/v1/customers", {"locale": "de"}, "/locale"),
        ("/v1/customers", {"status": "vip"}, "/status"),
        ("/v1/customers", {"agent_id": "paul"}, "/agent_id"),
        ("/v1/customers", {"version": 7}, "/version"),
        ("/v1/customers", {"id": "01a20000-0000-7000-8000-000000000000"}, "/id"),
        ("/v1/companies", {"country": "France"}, "/country"),
        ("/v1/companies", {"siret": "12345678901234"}, "/siret"),
        ("/v1/agent-groups", {"commission_percent": "120"}, "/commission_percent"),
        ("/v1/agent-groups", {"commission_percent": "-1"}, "/commission_percent"),
        ("/v1/categories", {"code": "With Spaces"}, "/code"),
        ("/v1/products", {"variants": []}, "/variants"),
        ("/v1/stock/receipts", {"quantity": -5}, "/quantity"),
        ("/v1/accounts", {"password": "short"}, "/password"),
        ("/v1/accounts", {"password": "password123"}, "/password"),
        ("/v1/accounts", {"roles": ["king"]}, "/roles/0"),
        ("/v1/accounts", {"roles": []}, "/roles"),
    ],
)
async def test_whatever_is_created_its_fields_are_checked_by_name(
    shop: Any, path: str, change: dict[str, Any], pointer: str
) -> None:
    good: dict[str, dict[str, Any]] = {
        "/v1/customers": {"email": f"{new_id()}@edge.example", "name": "Ève"},
        "/v1/companies": {"legal_name": "Edge SARL"},
        "/v1/agent-groups": {
            "code": f"e-{str(new_id())[-12:]}",
            "name": "E",
            "commission_percent": "1",
            "override_percent": "1",
        },
        "/v1/categories": {"code": f"e-{str(new_id())[-12:]}", "name": "E"},
        "/v1/products": {"name": "Edge"},
        "/v1/stock/receipts": {"sku": "CAFE-1KG", "reference": "Edge"},
        "/v1/accounts": {
            "type": "staff",
            "email": f"{new_id()}@edge.example",
            "name": "E",
            "password": "a good long one 9",
            "roles": ["order_clerk"],
        },
    }
    headers = fresh_key()

    answer = await shop.people["admin"].http.post(path, json=good[path] | change, headers=headers)

    assert answer.status_code == 422, answer.text
    assert pointers(answer) == [pointer]
