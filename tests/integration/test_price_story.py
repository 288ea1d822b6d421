"""The story of docs/how-to/price-and-explain.md, run as it is pasted."""

import json
from typing import Any

from tests.integration.pasted import pasted


async def test_the_story_of_prices_works_as_pasted(shop: Any) -> None:
    ines = shop.logins["ines"]
    said = await pasted(
        "docs/how-to/price-and-explain.md",
        shop.url,
        MANAGER_EMAIL=ines.email,
        MANAGER_PASSWORD=ines.password,
    )

    explained = json.loads(said)
    assert explained["unit_price"] == {"amount": "21.50", "currency": "EUR"}
    outcomes = [(step["outcome"], step["code"]) for step in explained["trace"]]
    assert outcomes[0] == ("applied", "PRICE")
    assert ("not_eligible", "OTHER_TIER") in outcomes
    assert ("shadowed_by", "OTHER_LEVEL") in outcomes
