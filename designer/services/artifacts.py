"""Artifacts for people: facts, pages, profiles, documents and downloads, by digest only."""

import asyncio
import re
import secrets
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec

from designer.services.read_process import Tell
from designer.services.read_worker.chart_request import Chart
from designer.services.read_worker.query import PLAIN, Query
from designer.services.reader import NOT_ARRANGED, Reader
from designer.services.shared_work import NewestOnly
from runtime.durable_files import replace_durably
from runtime.errors import RequestError
from runtime.stores.artifact_store import FolderArtifactStore
from runtime.stores.workspace import Workspace

ExportKind = Literal["csv", "parquet", "arrow", "original"]

PROFILE_FORMAT = "2"
"""Profiles kept under another one are not read."""

_DIGEST = re.compile(r"b3:[0-9a-f]{64}")
_MAGIC = {b"ARROW1": "arrow", b"PK\x03\x04": "model", b"PAR1": "parquet"}
_TABLES = frozenset({"arrow"})


class Download(NamedTuple):
    """A file to send.

    Attributes:
        is_temporary: Made for this download; delete it afterwards.
    """

    path: Path
    name: str
    is_temporary: bool


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a table.

    Attributes:
        offset: The first row.
        limit: How many rows.
        first_column: The first column.
        column_limit: How many columns; 0 for all.
        longest: Characters of a text that are sent at most; 0 for as many as a page may have.
    """

    offset: int = 0
    limit: int = 100
    first_column: int = 0
    column_limit: int = 0
    longest: int = 0


class ArtifactService:
    """Reads artifacts through the read worker; this process opens none of them.

    Args:
        workspace: Whose artifacts.
        reader: The read worker.

    Attributes:
        reader: The same.
    """

    def __init__(self, workspace: Workspace, *, reader: Reader | None = None) -> None:
        cache = workspace.path / "cache"
        self._store = FolderArtifactStore(workspace.artifacts)
        self._profiles = cache / "profiles" / PROFILE_FORMAT
        self._exports = cache / "exports"
        self.reader = reader or Reader(cache / "rows")
        self._newest = NewestOnly()
        shutil.rmtree(self._exports, ignore_errors=True)

    async def stop(self) -> None:
        """End the read worker."""
        await self.reader.stop()

    def facts(self, digest: str) -> dict[str, Any]:
        """Size and format. Raises RequestError S003 for an artifact that is not stored."""
        path = self._path(digest)
        size = sum(file.stat().st_size for file in path.rglob("*")) if path.is_dir() else 0
        return {
            "digest": digest,
            "bytes": size or path.stat().st_size,
            "format": _format(path),
        }

    async def columns(self, digest: str) -> bytes:
        """Names and types of a table's columns and how many rows it has, as JSON."""
        return await self.reader.ask("columns", self._table(digest))

    async def page(
        self,
        digest: str,
        part: Part,
        *,
        query: Query = PLAIN,
        view: str = "",
        tell: Tell | None = None,
    ) -> bytes:
        """Rows of a table, as JSON.

        Args:
            digest: The table.
            part: Which of the rows, and how much of them.
            query: What rows there are to look at, in which order.
            view: What a person looks at: a newer query of it replaces this one.
            tell: Called with progress where the rows must be arranged first.
        """
        path = self._table(digest)
        work = self.reader.prepared(
            "page", path, query=query, tell=tell, **msgspec.structs.asdict(part)
        )
        return await self._newest.do(view, (digest, query), work)

    async def cell(self, digest: str, row: int, column: str, *, query: Query = PLAIN) -> bytes:
        """One value of a table as a whole, as JSON."""
        path = self._table(digest)
        return await self.reader.prepared(
            "cell", path, query=query, tell=None, row=row, column=column
        )

    async def find(
        self,
        digest: str,
        text: str,
        *,
        start: int = 0,
        backwards: bool = False,
        query: Query = PLAIN,
        view: str = "",
        tell: Tell | None = None,
    ) -> bytes:
        """The next row that has a text in some cell, as JSON."""
        path = self._table(digest)
        asked = {"query": query, "text": text, "start": start, "backwards": backwards}

        async def look() -> bytes:
            content = await self.reader.ask("find", path, **asked)
            if content != NOT_ARRANGED:
                return content
            return await self.reader.work("search", path, tell=tell, **asked)

        return await self._newest.do(view, (digest, query, text, start, backwards), look())

    async def profile(self, digest: str, *, tell: Tell | None = None) -> bytes:
        """The profile of every column, as JSON; computed once per artifact."""
        path = self._table(digest)
        kept = self._profiles / f"{digest[3:]}.json"
        if kept.exists():
            return await asyncio.to_thread(kept.read_bytes)
        content = await self.reader.work("profile", path, tell=tell)
        await asyncio.to_thread(replace_durably, kept, content)
        return content

    async def chart(
        self,
        digest: str,
        chart: Chart,
        *,
        query: Query = PLAIN,
        view: str = "",
        tell: Tell | None = None,
    ) -> bytes:
        """What is drawn of some columns of a table, as JSON."""
        path = self._table(digest)
        work = self.reader.work("chart", path, query=query, chart=chart, tell=tell)
        return await self._newest.do(view, (digest, query, chart), work)

    async def difference(
        self,
        digest: str,
        after: str,
        *,
        keys: Sequence[str] | None = None,
        tell: Tell | None = None,
    ) -> bytes:
        """What differs between an artifact and a later one, as JSON.

        Args:
            digest: What was.
            after: What is.
            keys: Columns by which rows of tables are matched; None to look for one.
            tell: Called with progress.

        Raises:
            RequestError: S003 where one is a table and the other is none.
        """
        if _format(self._path(digest)) in _TABLES:
            before, later = self._table(digest), self._table(after)
            return await self.reader.work(
                "difference", before, after=str(later), keys=keys, tell=tell
            )
        later = self._path(after)
        if _format(later) in _TABLES:
            raise RequestError(
                "S003",
                "A table cannot be compared with a document.",
                remedy="Choose a run in which the output has the same type.",
            )
        return await self.reader.work(
            "document_difference", self._path(digest), after=str(later), tell=tell
        )

    async def difference_rows(
        self,
        digest: str,
        after: str,
        *,
        keys: Sequence[str] | None = None,
        tell: Tell | None = None,
        **part: Any,
    ) -> bytes:
        """Some of the rows of two tables that changed, came or went, as JSON."""
        path, asked = self._table(digest), {"after": str(self._table(after)), "keys": keys}
        content = await self.reader.ask("difference_rows", path, **asked, **part)
        if content == NOT_ARRANGED:
            await self.reader.work("difference", path, tell=tell, **asked)
            content = await self.reader.ask("difference_rows", path, **asked, **part)
        return content

    async def distributions(self, digest: str, after: str, *, tell: Tell | None = None) -> bytes:
        """How the values of each common column of two tables lie, as JSON."""
        path, later = self._table(digest), self._table(after)
        return await self.reader.work("distributions", path, after=str(later), tell=tell)

    async def document(self, digest: str) -> bytes:
        """The JSON of a report, a value, a learner, a transformation, or of a model's facts."""
        return await self.reader.ask("document", self._path(digest))

    async def download(
        self, digest: str, kind: ExportKind, name: str = "", *, query: Query = PLAIN
    ) -> Download:
        """The file to send for an artifact; tables are converted, with the rows of a query."""
        path = self._path(digest)
        base = re.sub(r"[^A-Za-z0-9._-]+", "_", name).strip("._") or digest[3:15]
        if path.is_dir():
            raise RequestError(
                "S003", "A folder cannot be downloaded as one file.", remedy="Open its files."
            )
        form = _format(path)
        is_as_stored = kind == "original" or (kind == "arrow" and query.is_plain)
        if is_as_stored or form not in _TABLES:
            suffix = {"file": ""}.get(form, f".{form}")
            return Download(path, f"{base}{suffix}", False)
        self._exports.mkdir(parents=True, exist_ok=True)
        target = self._exports / f"{secrets.token_hex(8)}.{kind}"
        await self.reader.work("export", path, query=query, to=str(target), kind=kind)
        return Download(target, f"{base}.{kind}", True)

    def _table(self, digest: str) -> Path:
        path = self._path(digest)
        if _format(path) not in _TABLES:
            raise RequestError("S003", "The artifact is no table.", remedy="Open it as a document.")
        return path

    def _path(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest) or not self._store.has(digest):
            raise RequestError(
                "S003",
                "The artifact is not stored here.",
                remedy="Run the pipeline again to make it.",
            )
        return self._store.path(digest)


def _format(path: Path) -> str:
    if path.is_dir():
        return "folder"
    with path.open("rb") as file:
        start = file.read(16)
    for magic, name in _MAGIC.items():
        if start.startswith(magic):
            return name
    return "json" if start[:1] in b'{["0123456789-tfn' and start else "file"
