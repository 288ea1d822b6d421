"""The story of the README, run as it is pasted."""

import asyncio
import json
import os
import re
from pathlib import Path
from typing import Any

README = Path(__file__).parents[2] / "README.md"


async def test_the_curl_story_of_the_readme_works_as_pasted(shop: Any) -> None:
    story = re.search(r"```bash\n(.*?)```", README.read_text(), re.DOTALL)
    assert story
    script = story.group(1).replace("http://127.0.0.1:8080", shop.url)
    paul = shop.logins["paul"]
    variables = {**os.environ, "AGENT_EMAIL": paul.email, "AGENT_PASSWORD": paul.password}
    process = await asyncio.create_subprocess_exec(
        *("bash", "-euo", "pipefail", "-c", script), env=variables, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()

    assert process.returncode == 0
    order, rest = json.JSONDecoder().raw_decode(said.decode())
    dashboard = json.loads(said.decode()[rest:])
    assert (order["status"], order["placed_by"]["name"]) == ("confirmed", "Paul Petit")
    assert "balances" in dashboard["statement"]
