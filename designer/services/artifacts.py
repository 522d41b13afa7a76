"""Artifacts for people: facts, pages, profiles, documents and downloads, by digest only."""

import asyncio
import re
import secrets
import shutil
from pathlib import Path
from typing import Any, Literal, NamedTuple

from designer.services.pipeline_files import write_atomically
from designer.services.reader import Reader
from runtime.errors import RequestError
from runtime.stores.artifact_store import FolderArtifactStore
from runtime.stores.workspace import Workspace

ExportKind = Literal["csv", "parquet", "arrow", "original"]

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


class ArtifactService:
    """Reads artifacts through the read worker; this process opens none of them.

    Args:
        workspace: Whose artifacts.
        reader: The read worker.
    """

    def __init__(self, workspace: Workspace, *, reader: Reader | None = None) -> None:
        self._store = FolderArtifactStore(workspace.artifacts)
        self._profiles = workspace.path / "cache" / "profiles"
        self._exports = workspace.path / "cache" / "exports"
        self._reader = reader or Reader()
        shutil.rmtree(self._exports, ignore_errors=True)

    async def stop(self) -> None:
        """End the read worker."""
        await self._reader.stop()

    def facts(self, digest: str) -> dict[str, Any]:
        """Size and format. Raises RequestError S003 for an artifact that is not stored."""
        path = self._path(digest)
        size = sum(file.stat().st_size for file in path.rglob("*")) if path.is_dir() else 0
        return {
            "digest": digest,
            "bytes": size or path.stat().st_size,
            "format": _format(path),
        }

    async def page(
        self,
        digest: str,
        *,
        offset: int = 0,
        limit: int = 100,
        sort: str = "",
        descending: bool = False,
        search: str = "",
    ) -> bytes:
        """Rows of a table, as JSON."""
        return await self._reader.ask(
            "page",
            self._table(digest),
            offset=offset,
            limit=limit,
            sort=sort,
            descending=descending,
            search=search,
        )

    async def profile(self, digest: str) -> bytes:
        """The profile of every column, as JSON; computed once per artifact."""
        path = self._table(digest)
        kept = self._profiles / f"{digest[3:]}.json"
        if kept.exists():
            return await asyncio.to_thread(kept.read_bytes)
        content = await self._reader.ask("profile", path)
        await asyncio.to_thread(write_atomically, kept, content.decode())
        return content

    async def document(self, digest: str) -> bytes:
        """The JSON of a report, a value, a learner, a transformation, or of a model's facts."""
        return await self._reader.ask("document", self._path(digest))

    async def download(self, digest: str, kind: ExportKind, name: str = "") -> Download:
        """The file to send for an artifact; tables are converted."""
        path = self._path(digest)
        base = re.sub(r"[^A-Za-z0-9._-]+", "_", name).strip("._") or digest[3:15]
        if path.is_dir():
            raise RequestError(
                "S003", "A folder cannot be downloaded as one file.", remedy="Open its files."
            )
        form = _format(path)
        if kind == "original" or form not in _TABLES or kind == "arrow":
            suffix = {"file": ""}.get(form, f".{form}")
            return Download(path, f"{base}{suffix}", False)
        self._exports.mkdir(parents=True, exist_ok=True)
        target = self._exports / f"{secrets.token_hex(8)}.{kind}"
        await self._reader.ask("export", path, to=str(target), kind=kind)
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
