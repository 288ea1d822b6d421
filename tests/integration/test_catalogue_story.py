"""A catalogue for some: what its manager enters, a customer of a group sees and pays, and nobody else learns of."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from shared.kernel.ids import new_id
from tests.integration.answers import euros, fresh_key, pointers, refusal


@dataclass
class Range:
    """What the manager entered: oak chairs in two sizes, for resellers alone, in dozens cheaper."""

    shop: Any
    category_id: str
    product: dict[str, Any]
    sku: str

    async def asked(self, who: str, path: str, **query: Any) -> httpx.Response:
        answer: httpx.Response = await self.shop.people[who].http.get(path, params=query)
        return answer

    async def sent(self, who: str, path: str, body: dict[str, Any]) -> httpx.Response:
        answer: httpx.Response = await self.shop.people[who].http.post(path, json=body, headers=fresh_key())
        return answer

    def cart(self, quantity: int, **more: Any) -> dict[str, Any]:
        return {"lines": [{"sku": self.sku, "quantity": quantity}], **more}


class Manager:
    """Inès at work."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def post(self, path: str, body: dict[str, Any]) -> httpx.Response:
        answer = await self.http.post(path, json=body, headers=fresh_key())
        assert answer.is_success, answer.text
        return answer

    async def put(self, path: str, body: dict[str, Any], read: httpx.Response | None = None) -> httpx.Response:
        headers = {} if read is None else {"If-Match": read.headers["ETag"]}
        answer = await self.http.put(path, json=body, headers=headers)
        assert answer.is_success, answer.text
        return answer

    async def delete(self, path: str, read: httpx.Response) -> None:
        answer = await self.http.delete(path, headers={"If-Match": read.headers["ETag"]})
        assert answer.status_code == 204, answer.text


@pytest.fixture
async def chairs(shop: Any) -> AsyncIterator[Range]:
    """Enter everything as the manager would; take the rules away again afterwards, they hold for the whole shop."""
    manager, name = Manager(shop.people["ines"].http), f"oak-{str(new_id())[-12:]}"
    groups = (await shop.people["ines"].get("/v1/customer-groups", limit="100"))["items"]
    resellers = next(group["id"] for group in groups if group["code"] == "reseller")
    category = (await manager.post("/v1/categories", {"code": name, "name": "Chêne"})).json()
    made = await manager.post("/v1/products", oak_chairs(name, category["id"]))
    product = made.json()
    sku = product["variants"][0]["sku"]
    await manager.post("/v1/stock/receipts", {"sku": sku, "quantity": 100, "reference": "BL 1"})
    await enter_prices(manager, name, sku, resellers)
    about = {"scope": "category", "target_id": category["id"]}
    rules = [
        await manager.put("/v1/visibility-rules", {"buyer_scope": "everyone", "visible": False, **about}),
        await manager.put(
            "/v1/visibility-rules", {"buyer_scope": "group", "buyer_id": resellers, "visible": True, **about}
        ),
    ]
    limit = await manager.put(
        "/v1/quantity-rules", {"scope": "product", "target_id": product["id"], "multiple": 6, "min_qty": 10}
    )
    yield Range(shop, category["id"], product, sku)
    ended = await manager.http.patch(
        f"/v1/products/{product['id']}", json={"status": "discontinued"}, headers={"If-Match": made.headers["ETag"]}
    )
    assert ended.is_success, ended.text
    for rule in rules:
        await manager.delete(f"/v1/visibility-rules/{rule.json()['id']}", rule)
    await manager.delete(f"/v1/quantity-rules/{limit.json()['id']}", limit)


def oak_chairs(name: str, category_id: str) -> dict[str, Any]:
    size = {"code": "size", "name": "Taille", "values": ["S", "M"]}
    variants = [
        {"sku": f"{name}-{one}", "options": {"size": one}, "base_price": euros(price)}
        for one, price in (("S", "131.07"), ("M", "153.09"))
    ]
    return {
        "code": name,
        "name": f"Chaise {name}",
        "options": [size],
        "attributes": {"material": ["Chêne"]},
        "category_ids": [category_id],
        "variants": variants,
    }


async def enter_prices(manager: Manager, name: str, sku: str, group_id: str) -> None:
    """Resellers pay 97.31 for the small one, 88.43 by the dozen; everyone has 10 % off."""
    target = {"kind": "group", "id": group_id}
    facts = {"code": name, "name": f"Revendeurs {name}", "level": "group", "currency": "EUR", "status": "active"}
    agreed = await manager.post("/v1/price-lists", facts | {"targets": [target]})
    rows = [{"scope": "variant", "target": sku, "value": "97.31"}]
    rows += [{"scope": "variant", "target": sku, "value": "88.43", "min_qty": 12}]  # type: ignore[dict-item]
    await manager.put(f"/v1/price-lists/{agreed.json()['id']}/rows", {"rows": rows}, agreed)
    sale = {"code": name, "name": f"Soldes {name}", "kind": "percent_off", "value": "10"}
    await manager.post("/v1/promotions", sale | {"scope": "category", "targets": [name]})


async def test_a_customer_of_the_group_finds_quotes_and_buys_at_the_price_quoted(chairs: Range) -> None:
    listed = (await chairs.asked("lucie", "/v1/products", category_id=chairs.category_id)).json()
    (product,) = listed["items"]
    small, medium = product["variants"]
    assert (small["unit_price"], small["price_reason"]) == (euros("97.31"), "group")
    assert [tier["unit_price"]["amount"] for tier in small["tiers"]] == ["97.31", "88.43"]
    assert (medium["unit_price"], medium["price_reason"]) == (euros("137.78"), "promotion")
    assert medium["original_price"] == euros("153.09")

    words = {"q": "chaise chene", "attributes": "material:Chêne", "category_id": chairs.category_id, "sort": "price"}
    found = (await chairs.asked("lucie", "/v1/search", **words)).json()
    assert ([one["id"] for one in found["items"]], found["total"]) == ([product["id"]], 1)
    assert found["facets"] == [{"code": "material", "values": [{"value": "Chêne", "count": 1}]}]
    assert found["price_range"]["lowest"] == euros("97.31")

    few = (await chairs.sent("lucie", "/v1/quotes", chairs.cart(10))).json()
    assert (few["orderable"], [one["suggested_qty"] for one in few["warnings"]]) == (False, [12])
    refused = await chairs.sent("lucie", "/v1/orders", chairs.cart(10))
    assert refusal(refused) == (422, "QTY_RULE")
    assert pointers(refused) == ["/lines/0/quantity"]

    quote = (await chairs.sent("lucie", "/v1/quotes", chairs.cart(12))).json()
    assert (quote["orderable"], quote["subtotal"]) == (True, euros("1061.16"))
    order = (await chairs.sent("lucie", "/v1/orders", chairs.cart(12))).json()
    (line,) = order["lines"]
    assert (line["unit_price"], order["net"]) == (quote["lines"][0]["unit_price"], quote["subtotal"])


async def test_an_agent_tells_their_own_customer_why(chairs: Range) -> None:
    lucie, marc = await chairs.shop.customer_id("lucie"), await chairs.shop.customer_id("marc")
    path = f"/v1/price-explanation/{chairs.sku}"

    told = (await chairs.asked("paul", path, customer_id=lucie, quantity=12)).json()

    assert (told["unit_price"], told["public_price"]) == (euros("88.43"), euros("117.96"))
    made = {step["code"]: step for step in told["trace"]}
    assert (made["PRICE"]["outcome"], made["PRICE"]["amount_out"]) == ("applied", euros("88.43"))
    assert (made["OTHER_TIER"]["outcome"], made["OTHER_LEVEL"]["level"]) == ("not_eligible", "base")
    assert refusal(await chairs.asked("paul", path, customer_id=marc)) == (404, "CUSTOMER_NOT_FOUND")
    assert refusal(await chairs.asked("lucie", path)) == (403, "FORBIDDEN")


@pytest.mark.parametrize("who", ["visitor", "chloe", "marc"])
async def test_nobody_else_learns_of_it(chairs: Range, who: str) -> None:
    listed = await chairs.asked(who, "/v1/products", category_id=chairs.category_id)
    found = await chairs.asked(who, "/v1/search", q=chairs.product["name"])
    alone = await chairs.asked(who, f"/v1/products/{chairs.product['id']}")
    quote = await chairs.sent(who, "/v1/quotes", chairs.cart(12))
    pasted = await chairs.sent(who, "/v1/quick-orders", {"text": f"{chairs.sku} 12"})

    assert listed.json()["items"] == []
    assert chairs.product["id"] not in {one["id"] for one in found.json()["items"]}
    assert chairs.category_id not in {one["category_id"] for one in found.json()["categories"]}
    assert refusal(alone) == (404, "PRODUCT_NOT_FOUND")
    assert refusal(quote) == (404, "PRODUCT_NOT_AVAILABLE")
    assert pasted.json()["lines"][0]["code"] == "PRODUCT_NOT_AVAILABLE"
    everything = "".join(answer.text for answer in (listed, found, alone, quote, pasted))
    assert [price for price in ("97.31", "88.43", "131.07", "117.96") if price in everything] == []
