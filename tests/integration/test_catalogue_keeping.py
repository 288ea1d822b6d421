"""A catalogue manager's day: a product with its variants, where it stands, what it leads to, what the shop says."""

from typing import Any

import httpx
import pytest

from shared.kernel.ids import new_id
from tests.integration.answers import euros, fresh_key, pointers, refusal


class Keeper:
    """The admin at work: sends, and keeps the ETag of what was answered."""

    def __init__(self, shop: Any) -> None:
        self.http: httpx.AsyncClient = shop.people["admin"].http

    async def post(self, path: str, body: dict[str, Any]) -> httpx.Response:
        return await self.http.post(path, json=body, headers=fresh_key())

    async def edit(self, method: str, path: str, read: httpx.Response, body: Any = None) -> httpx.Response:
        given = {} if body is None else {"json": body}
        return await self.http.request(method, path, headers={"If-Match": read.headers["ETag"]}, **given)


@pytest.fixture
def keeper(shop: Any) -> Keeper:
    return Keeper(shop)


def code(prefix: str) -> str:
    return f"{prefix}-{str(new_id())[-12:]}"


async def a_shirt(keeper: Keeper, **given: Any) -> httpx.Response:
    sku = code("SHIRT")
    size = {"code": "size", "name": "Taille", "values": ["S", "M", "L"]}
    variants = [{"sku": f"{sku}-{one}", "options": {"size": one}, "base_price": euros("39.90")} for one in "SM"]
    body = {"code": sku, "name": "Chemise d'été", "options": [size], "variants": variants}
    answer = await keeper.post("/v1/products", body | given)
    assert answer.status_code == 201, answer.text
    return answer


async def test_a_product_is_kept_from_its_creation_to_its_end(keeper: Keeper) -> None:
    made = await a_shirt(keeper)
    path, sku = f"/v1/products/{made.json()['id']}", made.json()["code"]
    assert made.headers["Location"] == path

    large = {"sku": f"{sku}-L", "options": {"size": "L"}, "prices": [{"unit_price": euros("41.00")}]}
    more = await keeper.post(f"{path}/variants", large)
    assert (more.status_code, [one["sku"][-1] for one in more.json()["variants"]]) == (201, ["S", "M", "L"])
    turned = [one["id"] for one in reversed(more.json()["variants"])]
    ordered = await keeper.edit("PUT", f"{path}/variants", more, {"variant_ids": turned})
    assert [one["id"] for one in ordered.json()["variants"]] == turned

    gone = await keeper.edit("PATCH", f"{path}/variants/{turned[0]}", ordered, {"status": "discontinued"})
    assert gone.json()["variants"][0]["status"] == "discontinued"
    fewer = await keeper.edit("DELETE", f"{path}/variants/{turned[2]}", gone)
    assert [one["id"] for one in fewer.json()["variants"]] == turned[:2]
    sheet = await keeper.http.get(f"{path}/sheet")
    assert (sheet.json(), sheet.headers["ETag"]) == (fewer.json(), fewer.headers["ETag"])
    listed = (await keeper.http.get("/v1/product-sheets", params={"q": "ete", "code": sku})).json()["items"]
    assert listed == [sheet.json()]

    assert (await keeper.edit("DELETE", path, sheet)).status_code == 204
    assert refusal(await keeper.http.get(f"{path}/sheet")) == (404, "PRODUCT_NOT_FOUND")


async def test_a_product_that_was_stocked_is_deactivated(keeper: Keeper) -> None:
    made = await a_shirt(keeper)
    receipt = {"sku": made.json()["variants"][0]["sku"], "quantity": 1, "reference": "BL"}
    assert (await keeper.post("/v1/stock/receipts", receipt)).status_code == 201
    path = f"/v1/products/{made.json()['id']}"

    assert refusal(await keeper.edit("DELETE", path, made)) == (409, "PRODUCT_IN_USE")
    ended = await keeper.edit("PATCH", path, made, {"status": "discontinued"})

    assert ended.json()["status"] == "discontinued"


async def test_a_product_that_contradicts_itself_is_refused_field_by_field(keeper: Keeper) -> None:
    made = await a_shirt(keeper)
    path = f"/v1/products/{made.json()['id']}"
    window = {"published_from": "2026-05-01T00:00:00Z", "published_until": "2026-05-01T00:00:00Z"}

    edits = [window, {"options": []}, {"published_from": "2026-05-01"}, {"clear": ["name"]}, {"attributes": {"A": []}}]
    answers = [await keeper.edit("PATCH", path, made, edit) for edit in edits]
    answers.append(await keeper.post(f"{path}/variants", {"sku": code("x"), "options": {"size": "XXL"}}))

    assert [answer.status_code for answer in answers] == [422, 200, 422, 422, 422, 422]
    assert pointers(answers[0]) == ["/published_until"]


async def test_the_tree_is_moved_and_emptied_before_it_is_cut(keeper: Keeper) -> None:
    top, other = [await keeper.post("/v1/categories", {"code": code("top"), "name": "Top"}) for _ in range(2)]
    below = await keeper.post("/v1/categories", {"code": code("below"), "name": "Sous", "parent_id": top.json()["id"]})
    of = {made.json()["code"]: f"/v1/categories/{made.json()['id']}" for made in (top, other, below)}
    path_top, path_other, path_below = of.values()

    cycle = await keeper.edit("PUT", f"{path_top}/place", top, {"parent_id": below.json()["id"]})
    assert refusal(cycle) == (409, "CATEGORY_CYCLE")
    moved = await keeper.edit("PUT", f"{path_below}/place", below, {"parent_id": other.json()["id"]})
    assert moved.json()["path"] == [other.json()["id"], below.json()["id"]]
    renamed = await keeper.edit("PATCH", path_below, moved, {"translations": {"en": "Below"}})
    assert (await keeper.http.get(path_below, params={"locale": "en"})).json()["name"] == "Below"

    assert refusal(await keeper.edit("DELETE", path_other, other)) == (409, "CATEGORY_NOT_EMPTY")
    assert (await keeper.edit("DELETE", path_below, renamed)).status_code == 204
    assert (await keeper.edit("DELETE", path_other, other)).status_code == 204


async def test_links_lead_where_they_were_put(keeper: Keeper) -> None:
    shirt, tie = await a_shirt(keeper), await a_shirt(keeper)
    path = f"/v1/products/{shirt.json()['id']}"

    put = await keeper.edit("PUT", f"{path}/links/cross_sell", shirt, {"product_ids": [tie.json()["id"]]})
    itself = await keeper.edit("PUT", f"{path}/links/up_sell", put, {"product_ids": [shirt.json()["id"]]})

    assert put.json()["cross_sell"] == [tie.json()["id"]]
    assert (await keeper.http.get(f"{path}/sheet/links")).json() == put.json()
    assert pointers(itself) == ["/product_ids/0"]


async def test_ca19_what_the_shop_says_depends_on_who_listens(shop: Any, keeper: Keeper) -> None:
    placement = code("home")
    groups = (await shop.people["admin"].get("/v1/customer-groups", limit="100"))["items"]
    visitors = next(group["id"] for group in groups if group["code"] == "visitor")
    for title, group_ids in (("everyone", []), ("visitors", [visitors])):
        body = {"placement": placement, "texts": {"fr": {"title": title, "body": "<p onclick=x>!</p>"}}}
        made = await keeper.post("/v1/content-blocks", body | {"group_ids": group_ids})
        assert made.status_code == 201, made.text

    def said(page: dict[str, Any]) -> list[tuple[str, str]]:
        return [(block["title"], block["body"]) for block in page["items"]]

    path = f"/v1/content/{placement}"
    assert said(await shop.people["lucie"].get(path)) == [("everyone", "<p>!</p>")]
    assert said(await shop.people["visitor"].get(path)) == [("everyone", "<p>!</p>"), ("visitors", "<p>!</p>")]

    block = await keeper.http.get(f"/v1/content-blocks/{made.json()['id']}")
    silent = await keeper.edit("PATCH", f"/v1/content-blocks/{made.json()['id']}", block, {"texts": {"fr": {}}})
    assert pointers(silent) == ["/texts/fr"]
    assert (await keeper.edit("DELETE", f"/v1/content-blocks/{made.json()['id']}", block)).status_code == 204
    assert said(await shop.people["visitor"].get(path)) == [("everyone", "<p>!</p>")]
