"""Stories told in documents, run as a reader pastes them."""

import asyncio
import os
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


async def pasted(page: str, url: str, **variables: str) -> str:
    """Run the one bash story of a page against the gateway at `url`; return what it printed."""
    stories = re.findall(r"```bash\n(.*?)```", (ROOT / page).read_text(), re.DOTALL)
    assert len(stories) == 1
    process = await asyncio.create_subprocess_exec(
        *("bash", "-euo", "pipefail", "-c", stories[0].replace("http://127.0.0.1:8080", url)),
        env={**os.environ, **variables},
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    return said.decode()
