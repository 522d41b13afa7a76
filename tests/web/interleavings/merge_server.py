"""The real merge behind a pipe, for interleavings: one JSON request a line in, one answer a line out.

`python -m tests.web.interleavings.merge_server` merges in memory, with `--rest` through the whole
service: REST, log and database.
"""

import asyncio
import json
import sys
import tempfile
from pathlib import Path

import msgspec

from designer.document.operations import Operation
from designer.services.draft import merge
from designer.services.pipelines import log_entry
from tests.designer.running import client_of, running_app

EMPTY = {"format": 1, "name": "p", "nodes": {}}


class MemoryMerge:
    """The merge alone, over a log in memory."""

    async def new(self):
        self._document, self._log = EMPTY, []

    async def apply(self, operations, heir_of):
        operations = msgspec.convert(operations, tuple[Operation, ...])
        bases = [operation.base for operation in operations if operation.base is not None]
        wanted = {operation.id for operation in operations}
        known = {one.operation.id: one for one in self._log if one.operation.id in wanted}
        merged = merge(
            self._document,
            len(self._log),
            operations,
            known=known,
            unseen=self._log[min(bases, default=len(self._log)) :],
            heir_of=heir_of,
            author="me",
            at=1.0,
        )
        self._document = merged.document
        self._log += merged.accepted
        return {"revision": merged.revision, "results": merged.results, "diagnostics": []}

    async def after(self, revision):
        entries = [log_entry(one) for one in self._log[max(0, revision) :]]
        return {"revision": len(self._log), "operations": entries}

    async def snapshot(self):
        return {"graph": self._document, "revision": len(self._log)}


class RestMerge:
    """The same through REST, with the log in a database."""

    def __init__(self, client):
        self._client = client

    async def new(self):
        created = await self._client.post("/api/v1/pipelines", json={"name": "p"})
        self._path = f"/api/v1/pipelines/{created.json()['id']}"

    async def apply(self, operations, heir_of):
        body = {"operations": operations, "heir_of": heir_of}
        answer = await self._client.post(f"{self._path}/operations", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def after(self, revision):
        return (await self._client.get(f"{self._path}/operations?after={revision}")).json()

    async def snapshot(self):
        opened = (await self._client.get(self._path)).json()
        return {"graph": opened["graph"], "revision": opened["revision"]}


async def answer_all(server):
    for line in sys.stdin:
        method, *arguments = json.loads(line)
        answer = await getattr(server, method)(*arguments)
        sys.stdout.write(msgspec.json.encode(answer).decode() + "\n")
        sys.stdout.flush()


async def over_rest():
    with tempfile.TemporaryDirectory() as folder:
        async with running_app(Path(folder)) as app, client_of(app) as client:
            await answer_all(RestMerge(client))


if __name__ == "__main__":
    asyncio.run(over_rest() if "--rest" in sys.argv else answer_all(MemoryMerge()))
