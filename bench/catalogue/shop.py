"""A house with a shop in it: the customer whose prices are measured, other buyers, and who orders for them."""

import asyncio
import random
import secrets
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote
from uuid import UUID

import asyncpg

from bench.catalogue import deals, goods
from bench.catalogue.deals import Buyer
from bench.catalogue.goods import BRANCHES, ROOTS, Kind, created_at, id_of, sku_of
from bench.shop import PEOPLE, UNLIMITED, request
from courtier.client import Api
from devstack import demo, logins
from devstack.house import House
from devstack.logins import DemoLogin
from shared.database.pages import cursor_of

BUYERS = 20
SEED = 7
PAGES, SINGLES, WORDS, BROWSED = 2_000, 2_000, 60, 32
KNOWN_SECONDS = 60.0
KNOWN = "SELECT count(*) FROM buyers WHERE id = ANY ($1)"
UNTOLD = "SELECT last_seq > published_seq OR EXISTS (SELECT FROM outbox WHERE seq IS NULL) FROM relay_state"
Tell = Callable[[str], None]
Operations = list[list[str]]


@dataclass
class Shop:
    """A running house, who is in it, and the requests that are measured."""

    house: House
    people: Mapping[str, DemoLogin]
    buyer: Buyer
    login: DemoLogin
    buyers: tuple[UUID, ...]
    tokens: dict[str, str]

    @property
    def port(self) -> int:
        """Where the gateway listens."""
        return self.house.ports["gateway"]

    async def sign_in(self) -> None:
        """Sign the customer and an agent in anew: a token lasts ten minutes."""
        for who, login in (("customer", self.login), ("agent", self.people["paul"])):
            async with Api(self.house.urls["gateway"]) as api:
                await api.sign_in(login.email, login.password)
                self.tokens[who] = api.http.headers["Authorization"]

    def warm(self) -> Operations:
        """Return lists that are asked again and again: the first page of the shop, and of two categories."""
        return [self._get(f"/v1/products?limit=20{where}") for where in ("", *map(_in_branch, range(2)))]

    def spread(self, variants: int) -> Operations:
        """Return lists at random: half of them somewhere in the shop, half of them in a category."""
        return [self._get(f"/v1/products?limit=20{where}") for where in _anywhere(variants)]

    def one(self, variants: int) -> Operations:
        """Return single products at random."""
        dice = random.Random(SEED)
        numbers = [number for number in dice.choices(range(variants), k=SINGLES) if deals.is_plain(number)]
        return [self._get(f"/v1/products/{id_of(Kind.PRODUCT, number)}") for number in numbers]

    def words(self) -> Operations:
        """Return searches for a word that one product in three hundred has."""
        return self._searches(lambda word: word)

    def prefix(self) -> Operations:
        """Return searches for such a word of which half is typed."""
        return self._searches(lambda word: word[:5])

    def typo(self) -> Operations:
        """Return searches for such a word with a letter too many."""
        return self._searches(lambda word: f"{word[:5]}{word[4:]}")

    def browse(self) -> Operations:
        """Return the whole shop with its facets: in every order that needs no price, and of some brands."""
        brands = [f"&attributes=brand:{quote(brand)}" for brand in goods.ATTRIBUTES["brand"]]
        sorts = [f"&sort={sort}" for sort in ("relevance", "newest", "name")]
        return [self._get(f"/v1/search?limit=20{asked}") for asked in (*sorts, *brands)]

    def branches(self) -> Operations:
        """Return categories with their facets, every second time with two attributes chosen."""
        chosen = f"&attributes=brand:{goods.ATTRIBUTES['brand'][0]};colour:{','.join(goods.ATTRIBUTES['colour'][:2])}"
        asked = ("", chosen)
        return [self._get(f"/v1/search?limit=20{_in_branch(number)}{asked[number % 2]}") for number in range(BROWSED)]

    def by_price(self) -> Operations:
        """Return the whole shop and categories by the customer's own prices, in both directions."""
        places = ["", *map(_in_branch, range(BROWSED // 2 - 1))]
        return [
            self._get(f"/v1/search?limit=20&sort={sort}{place}") for place in places for sort in ("price", "-price")
        ]

    def quotes(self, variants: int, lines: int) -> Operations:
        """Return quotes of so many lines, each of another variant."""
        return [[self._quote(random.Random(SEED + turn), variants, lines)] for turn in range(100)]

    def _searches(self, typed: Callable[[str], str]) -> Operations:
        return [self._get(f"/v1/search?limit=20&q={typed(word)}") for word in goods.collections()[:WORDS]]

    def _quote(self, dice: random.Random, variants: int, lines: int) -> str:
        numbers = dice.sample([number for number in range(min(variants, 5_000)) if deals.is_plain(number)], lines)
        asked = [{"sku": sku_of(number), "quantity": dice.choice((1, 12, 60))} for number in numbers]
        return request("POST", "/v1/quotes", self.tokens["customer"], {"lines": asked})

    def _get(self, path: str) -> list[str]:
        return [request("GET", path, self.tokens["customer"])]


@asynccontextmanager
async def opened(data: Path, tell: Tell) -> AsyncIterator[Shop]:
    """Run an empty house in `data` with the demo shop, and the people that are measured; gone at the end."""
    house = House(data, environment=UNLIMITED)
    try:
        tell("start")
        await house.start()
        tell("people")
        logins.begin(house.data_dir)
        accounts = await demo.load(house.urls["gateway"], house.secrets.get("bootstrap"))
        people = dict(zip(PEOPLE, accounts, strict=True))
        async with Api(house.urls["gateway"]) as admin:
            await admin.sign_in(people["admin"].email, people["admin"].password)
            shop = await _peopled(house, people, admin)
        await _known(house, [shop.buyer.id, *shop.buyers])
        await shop.sign_in()
        yield shop
    finally:
        await house.stop()


async def _peopled(house: House, people: Mapping[str, DemoLogin], admin: Api) -> Shop:
    """Make three groups, the measured customer who belongs to all of them, and buyers who belong to the first."""
    made = [
        await _made(admin, "customer-groups", code, {"code": code, "name": code}) for code in ("gold", "pro", "club")
    ]
    first, second, third = (UUID(group["id"]) for group in made)
    lucie = (await admin.get("/v1/customers", q=people["lucie"].email))["items"][0]
    agent = {"agent_id": lucie["agent_id"], "billing_address": lucie["billing_address"]}
    login = DemoLogin("customer", "mina@catalogue.example", secrets.token_urlsafe(12))
    own = {"email": login.email, "name": "Mina", "group_ids": [str(first), str(second), str(third)]}
    customer = await _made(admin, "customers", "mina", own | agent)
    account = {"type": "customer", "actor_id": customer["id"], "email": login.email, "name": "Mina"}
    await _made(admin, "accounts", "mina", account | {"password": login.password, "roles": ["customer"]})
    buyers = []
    for number in range(BUYERS):
        body = {"email": f"buyer-{number}@catalogue.example", "name": f"Buyer {number}", "group_ids": [str(first)]}
        buyers.append(UUID((await _made(admin, "customers", f"buyer-{number}", body | agent))["id"]))
    return Shop(house, people, Buyer(UUID(customer["id"]), (first, second, third)), login, tuple(buyers), {})


async def _made(admin: Api, noun: str, name: str, body: dict[str, Any]) -> dict[str, Any]:
    return await admin.create(f"/v1/{noun}", f"bench-{noun}-{name}", body)


async def _known(house: House, buyers: Sequence[UUID]) -> None:
    """Wait until catalog has heard of these buyers and has nothing more to tell."""
    catalog = await asyncpg.connect(house.postgres.url(database="catalog", driver="postgresql"))
    deadline = time.monotonic() + KNOWN_SECONDS
    try:
        while await catalog.fetchval(KNOWN, buyers) < len(buyers) or await catalog.fetchval(UNTOLD):
            if time.monotonic() > deadline:
                raise RuntimeError(f"catalog does not know its buyers after {KNOWN_SECONDS:.0f} s.")
            await asyncio.sleep(0.1)
    finally:
        await catalog.close()


def _anywhere(variants: int) -> list[str]:
    dice = random.Random(SEED)
    return [
        _after(dice.randrange(40, variants)) if dice.random() < 0.5 else _in_branch(dice.randrange(BRANCHES))
        for _ in range(PAGES)
    ]


def _after(number: int) -> str:
    return f"&cursor={cursor_of(SimpleNamespace(created_at=created_at(number), id=id_of(Kind.PRODUCT, number)))}"


def _in_branch(number: int) -> str:
    return f"&category_id={id_of(Kind.CATEGORY, ROOTS + number)}"
