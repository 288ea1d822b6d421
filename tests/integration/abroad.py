"""A small shop whose people sign in at another OIDC issuer, and whose every process sends its traces to us."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from joserfc.jwk import RSAKey

from courtier.client import Api
from devstack.house import House
from shared.kernel.ids import new_id
from shared.testing.outside import Abroad, published
from tests.integration.answers import euros, fresh_key
from tests.integration.collecting import Collector
from tests.integration.pasted import pasted

PAGE = "docs/how-to/use-your-own-identity-provider.md"
ADMIN, AGENT = "auth0|ada", "auth0|paul"
MAIL_OF_CUSTOMER, MAIL_OF_AGENT = "lucie@epicerie.example", "paul@abroad.example"
SKU = "THE-100"


@dataclass
class Shop:
    """The house, the issuer that stands in for identity, what the guide's story printed, and the traces so far."""

    house: House
    login: Abroad
    said: str
    traces: Collector = field(repr=False)
    customer: str = ""

    async def send(self, method: str, path: str, token: str | None, **request: Any) -> httpx.Response:
        """Send one request with this access token."""
        headers = request.pop("headers", {}) | ({"Authorization": f"Bearer {token}"} if token else {})
        async with httpx.AsyncClient(base_url=self.house.urls["gateway"]) as http:
            return await http.request(method, path, headers=headers, **request)

    async def order(self, token: str, customer: str | None = None, **headers: str) -> httpx.Response:
        """Place an order in somebody's name."""
        body = {"customer_id": customer or self.customer, "lines": [{"sku": SKU, "quantity": 1}]}
        return await self.send("POST", "/v1/orders", token, json=body, headers=fresh_key() | headers)


@asynccontextmanager
async def opened(environment: dict[str, str]) -> AsyncIterator[Shop]:
    """Run the house, and set it up as the guide tells; `environment` as for House."""
    login = Abroad(RSAKey.generate_key(2048, auto_kid=True))
    with published(login.key) as keys, Collector.opened() as (traces_url, traces):
        issuer = {"JWKS_URL": keys, "ISSUER": login.issuer, "AUDIENCE": login.audience, "TRACES_URL": traces_url}
        environment = environment | {f"COURTIER_{name}": value for name, value in issuer.items()}
        # Traces leave within a tenth of a second, where the exporter would gather them for five.
        async with House.temporary(environment=environment | {"OTEL_BSP_SCHEDULE_DELAY": "100"}) as house:
            url, secret = house.urls["gateway"], house.secrets.get("bootstrap")
            said = await pasted(PAGE, url, TOKEN=login.token(ADMIN), BOOTSTRAP_SECRET=secret)
            shop = Shop(house, login, said, traces)
            async with Api(url) as admin:
                admin.http.headers["Authorization"] = f"Bearer {login.token(ADMIN)}"
                shop.customer = await _set_up(admin)
            yield shop


async def _set_up(admin: Api) -> str:
    """Give the shop an agent, a customer of hers and something to sell; return the customer."""

    async def made(path: str, body: dict[str, Any]) -> str:
        return str((await admin.create(path, str(new_id()), body)).get("id"))

    limits = {"override_percent": "10", "max_discount_percent": "15", "max_increase_percent": "20"}
    group = await made("/v1/agent-groups", {"code": "field", "name": "Field", "commission_percent": "5"} | limits)
    paul = {"name": "Paul Petit", "email": MAIL_OF_AGENT}
    agent = await made("/v1/agents", paul | {"group_id": group})
    account = {"type": "agent", "actor_id": agent, "roles": ["agent"], "external_subject": AGENT}
    await made("/v1/accounts", paul | account)
    await made("/v1/products", {"name": "Thé", "variants": [{"sku": SKU, "base_price": euros("9.80")}]})
    await made("/v1/stock/receipts", {"sku": SKU, "quantity": 100, "reference": "Opening"})
    address = {"recipient": "Lucie", "lines": ["1 rue X"], "postal_code": "75001", "city": "Paris", "country": "FR"}
    lucie = {"name": "Lucie Bernard", "email": MAIL_OF_CUSTOMER, "agent_id": agent}
    return await made("/v1/customers", lucie | {"billing_address": address, "shipping_address": address})
