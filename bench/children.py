"""Processes of ours beside the house: those that answer a line of JSON, and servers."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Any

from bench.generator import Job
from bench.runs import Run
from devstack.services import ROOT


class Child:
    """A program that is told what to run by a line of JSON and answers with a Run. It ends when its input does."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.pid = process.pid

    @classmethod
    @asynccontextmanager
    async def of(cls, module: str, **environment: str) -> AsyncIterator["Child"]:
        """Run `python -m module`."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **environment},
            cwd=ROOT,
        )
        try:
            yield cls(process)
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()

    async def run(self, job: Job) -> Run:
        """Run a job of the load generator."""
        return await self.ask(**asdict(job))

    async def ask(self, **job: Any) -> Run:
        """Run anything it understands."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(job).encode() + b"\n")
        await self._process.stdin.drain()
        line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{job.get('probe', 'the load generator')} ended; its error is above.")
        return Run(**json.loads(line))
