"""Demo data: a small French wholesaler of fine food, with a sales team, companies and consumers, loaded over HTTP."""

import secrets
from typing import Any

from courtier.client import Api
from devstack.logins import DemoLogin

ADMIN = "admin@demo.courtier.example"
PRODUCTS: tuple[tuple[str, str, str, str, int, str], ...] = (
    # SKU, name, category, price (EUR, net), stock, tax category
    ("CAFE-1KG", "Café en grains Éthiopie, 1 kg", "epicerie", "24.90", 400, "reduced"),
    ("THE-100", "Thé noir Assam, boîte de 100 g", "epicerie", "9.80", 600, "reduced"),
    ("MIEL-500", "Miel de lavande, 500 g", "epicerie", "11.50", 350, "reduced"),
    ("HUILE-75", "Huile d'olive vierge extra, 75 cl", "epicerie", "14.20", 500, "reduced"),
    ("CHOC-70", "Chocolat noir 70 %, tablette", "epicerie", "3.95", 1200, "reduced"),
    ("VIN-BDX", "Bordeaux supérieur 2022, 75 cl", "cave", "12.99", 300, "standard"),
    ("VIN-CHB", "Chablis 2023, 75 cl", "cave", "19.50", 180, "standard"),
    ("CHAMP-BR", "Champagne brut, 75 cl", "cave", "32.00", 120, "standard"),
    ("COF-FET", "Coffret de fête, 6 pièces", "coffrets", "59.00", 80, "standard"),
    ("TASSE-2", "Tasses en grès, lot de 2", "maison", "27.00", 90, "standard"),
)
# SKU: the name in English, and what the shop can be narrowed by.
DETAILS: dict[str, tuple[str, dict[str, list[str]]]] = {
    "CAFE-1KG": ("Coffee beans from Ethiopia, 1 kg", {"origin": ["Éthiopie"], "label": ["Bio", "Équitable"]}),
    "THE-100": ("Black tea from Assam, 100 g tin", {"origin": ["Inde"]}),
    "MIEL-500": ("Lavender honey, 500 g", {"origin": ["France"], "label": ["Bio"]}),
    "HUILE-75": ("Extra virgin olive oil, 75 cl", {"origin": ["France"]}),
    "CHOC-70": ("Dark chocolate 70 %, bar", {"origin": ["Pérou"], "label": ["Équitable"]}),
    "VIN-BDX": ("Bordeaux supérieur 2022, 75 cl", {"origin": ["France"]}),
    "VIN-CHB": ("Chablis 2023, 75 cl", {"origin": ["France"]}),
    "CHAMP-BR": ("Champagne brut, 75 cl", {"origin": ["France"]}),
    "COF-FET": ("Gift hamper, 6 pieces", {}),
    "TASSE-2": ("Stoneware cups, set of 2", {"origin": ["Portugal"]}),
}
GOES_WITH = (("CAFE-1KG", ("CHOC-70", "TASSE-2")), ("THE-100", ("MIEL-500", "TASSE-2")), ("COF-FET", ("CHAMP-BR",)))
CATEGORIES = (("epicerie", "Épicerie fine"), ("cave", "Cave"), ("coffrets", "Coffrets"), ("maison", "Maison"))
RESELLER_PRICES = (("CAFE-1KG", "19.90"), ("VIN-BDX", "9.90"), ("CHAMP-BR", "25.50"), ("CHOC-70", "2.95"))


async def load(gateway_url: str, bootstrap_secret: str) -> list[DemoLogin]:
    """Create the demo shop on an empty house; return who can sign in."""
    async with Api(gateway_url) as api:
        admin = DemoLogin("admin", ADMIN, _password(), "may do everything")
        await api.bootstrap(bootstrap_secret, admin.email, "Camille Durand", admin.password)
        await api.sign_in(admin.email, admin.password)
        return [admin, await _clerk(api), *await _shop(api), await _keeper(api)]


async def _shop(api: Api) -> list[DemoLogin]:
    agents = await _team(api)
    groups = await _groups(api)
    await _catalogue(api, groups["reseller"])
    return [
        *(login for login, _ in agents),
        await _customer(
            api, "Épicerie du Marché", "Lucie Bernard", "lucie@epicerie.example", groups["reseller"], agents[1][1]
        ),
        await _customer(
            api, "Hôtel Beau Rivage", "Marc Fontaine", "marc@beaurivage.example", groups["key_account"], agents[0][1]
        ),
        await _customer(api, None, "Chloé Martin", "chloe@mail.example", None, agents[1][1]),
    ]


async def _clerk(api: Api) -> DemoLogin:
    login = DemoLogin("order clerk", "clerk@demo.courtier.example", _password(), "orders and payments, no prices")
    await _account(api, "staff", None, "Nadia Benali", login, "order_clerk")
    return login


async def _keeper(api: Api) -> DemoLogin:
    login = DemoLogin("catalogue manager", "catalogue@demo.courtier.example", _password(), "goods, prices and stock")
    await _account(api, "staff", None, "Inès Moreau", login, "catalogue_manager")
    return login


async def _team(api: Api) -> list[tuple[DemoLogin, str]]:
    group = await api.create(
        "/v1/agent-groups",
        "demo-agent-group",
        {
            "code": "field",
            "name": "Équipe terrain",
            "commission_percent": "5",
            "override_percent": "10",
            "max_discount_percent": "15",
            "max_increase_percent": "20",
        },
    )
    parent = await _agent(api, "Hélène Roux", "helene@demo.courtier.example", group["id"], None, "leads Paul")
    child = await _agent(api, "Paul Petit", "paul@demo.courtier.example", group["id"], parent[1], "in Hélène's team")
    return [parent, child]


async def _agent(
    api: Api, name: str, email: str, group_id: str, parent_id: str | None, note: str
) -> tuple[DemoLogin, str]:
    body = {"name": name, "email": email, "group_id": group_id, "parent_id": parent_id}
    agent = await api.create("/v1/agents", f"demo-{email}", body)
    login = DemoLogin("agent", email, _password(), f"{name}, {note}")
    await _account(api, "agent", agent["id"], name, login, "agent")
    return login, agent["id"]


async def _groups(api: Api) -> dict[str, str]:
    made = {}
    for code, name in (("reseller", "Revendeurs"), ("key_account", "Grands comptes")):
        made[code] = (await api.create("/v1/customer-groups", f"demo-{code}", {"code": code, "name": name}))["id"]
    return made


async def _catalogue(api: Api, reseller_group: str) -> None:
    categories = {}
    for code, name in CATEGORIES:
        categories[code] = (await api.create("/v1/categories", f"demo-{code}", {"code": code, "name": name}))["id"]
    products = {}
    for sku, name, category, price, stock, tax in PRODUCTS:
        english, attributes = DETAILS[sku]
        variant: dict[str, Any] = {"sku": sku, "base_price": _euros(price), "tax_category": tax}
        body: dict[str, Any] = {"name": name, "category_ids": [categories[category]], "variants": [variant]}
        body |= {"translations": {"en": {"name": english}}, "attributes": attributes}
        products[sku] = await api.create("/v1/products", f"demo-{sku}", body)
        receipt = {"sku": sku, "quantity": stock, "reference": "Stock d'ouverture"}
        await api.create("/v1/stock/receipts", f"demo-stock-{sku}", receipt)
    for sku, others in GOES_WITH:
        linked = {"product_ids": [products[other]["id"] for other in others]}
        await api.put(f"/v1/products/{products[sku]['id']}/links/cross_sell", linked, version=products[sku]["version"])
    for sku, price in RESELLER_PRICES:
        await api.put(f"/v1/prices/groups/{reseller_group}/{sku}", {"unit_price": _euros(price)})


async def _customer(
    api: Api, company: str | None, name: str, email: str, group_id: str | None, agent_id: str
) -> DemoLogin:
    body: dict[str, Any] = {"email": email, "name": name, "agent_id": agent_id}
    if company:
        made = await api.create("/v1/companies", f"demo-company-{email}", {"legal_name": company, "country": "FR"})
        body |= {"company_id": made["id"]}
    if group_id:
        body |= {"group_ids": [group_id]}
    address = {"recipient": company or name, "lines": ["12 rue des Halles"], "postal_code": "75001", "city": "Paris"}
    body |= {"billing_address": address | {"country": "FR"}, "shipping_address": address | {"country": "FR"}}
    customer = await api.create("/v1/customers", f"demo-{email}", body)
    login = DemoLogin("customer", email, _password(), f"{name}, {company or 'a private customer'}")
    await _account(api, "customer", customer["id"], name, login, "customer")
    return login


async def _account(api: Api, kind: str, actor_id: str | None, name: str, login: DemoLogin, role: str) -> None:
    body = {"type": kind, "actor_id": actor_id, "email": login.email, "name": name}
    await api.create(
        "/v1/accounts", f"demo-account-{login.email}", body | {"password": login.password, "roles": [role]}
    )


def _euros(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


def _password() -> str:
    return secrets.token_urlsafe(12)
