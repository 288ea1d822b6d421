"""The story of the README, run as it is pasted."""

import json
from typing import Any

from tests.integration.pasted import pasted


async def test_the_curl_story_of_the_readme_works_as_pasted(shop: Any) -> None:
    paul = shop.logins["paul"]
    said = await pasted("README.md", shop.url, AGENT_EMAIL=paul.email, AGENT_PASSWORD=paul.password)

    order, rest = json.JSONDecoder().raw_decode(said)
    dashboard = json.loads(said[rest:])
    assert (order["status"], order["placed_by"]["name"]) == ("confirmed", "Paul Petit")
    assert "balances" in dashboard["statement"]
