"""Reads rows into the shop's catalogue by file."""

import csv
import tempfile
from pathlib import Path

from courtier.client import Api, Refused
from courtier.files import ended


async def read_in(admin: Api, run: str, kind: str, rows: list[dict[str, str]]) -> None:
    """Write rows into a file, import it, and wait for the end. Raises Refused where a row is in error."""
    key = f"{run}-{kind}"
    with tempfile.TemporaryDirectory(prefix="northwind-") as folder:
        file = Path(folder) / f"{kind}.csv"
        with file.open("w", newline="", encoding="utf-8") as opened:
            writer = csv.DictWriter(opened, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
        upload = await admin.send_file(file, key)
    one = await admin.create("/v1/imports", key, {"upload_id": upload["id"], "kind": kind})
    one = await ended(admin, one)
    if one["state"] != "done":
        found = (await admin.get(f"/v1/imports/{one['id']}/findings", outcome="error"))["items"]
        said = "; ".join(f"row {fault['row']}: {fault['message']}" for fault in found[:5])
        raise Refused(f"The import of {kind} {one['state']}: {one['trouble']} {said}")
