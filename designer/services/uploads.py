"""Files that people bring: streamed to `pipelines/data`, within a quota, under a plain name."""

import os
import re
import secrets
import unicodedata
from collections.abc import AsyncIterator
from pathlib import Path

from designer.services.pipeline_files import UPLOAD
from runtime.durable_files import sync
from runtime.errors import InfrastructureError, RequestError

MOST_BYTES = 4 << 30
KEPT_FREE_BYTES = 256 << 20
DATA_FOLDER = "data"


class Uploads:
    """Takes files into the workspace; the paths it gives start from the pipeline files.

    Args:
        folder: The workspace's `pipelines` folder.
        most_bytes: Largest file.
    """

    def __init__(self, folder: Path, *, most_bytes: int = MOST_BYTES) -> None:
        self._folder = folder / DATA_FOLDER
        self.most_bytes = most_bytes

    async def take(self, name: str, chunks: AsyncIterator[bytes]) -> str:
        """Store a file; gives its path, with another name where that one is taken.

        Raises:
            RequestError: A003 for a file that is too large.
            InfrastructureError: S001 when the disk has no room.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        part = self._folder / f".{secrets.token_hex(8)}{UPLOAD}"
        try:
            with part.open("xb") as file:
                total = 0
                async for chunk in chunks:
                    total += len(chunk)
                    self._check(total)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            place = self._place(part, plain_name(name))
            sync(self._folder)
            return f"{DATA_FOLDER}/{place}"
        except OSError as exc:
            raise _disk_error(exc) from exc
        finally:
            part.unlink(missing_ok=True)

    def _check(self, total: int) -> None:
        if total > self.most_bytes:
            raise RequestError(
                "A003",
                f"The file is larger than {self.most_bytes:,} bytes.",
                remedy="Put it into the workspace's 'pipelines/data' folder by hand.",
            )
        disk = os.statvfs(self._folder)
        if disk.f_bavail * disk.f_frsize < KEPT_FREE_BYTES:
            raise _disk_error(OSError(28, "the disk has no room"))

    def _place(self, part: Path, name: str) -> str:
        stem, dot, suffix = name.partition(".")
        number, free = 1, name
        while True:
            try:
                os.link(part, self._folder / free)
            except FileExistsError:
                number += 1
                free = f"{stem}_{number}{dot}{suffix}"
            else:
                return free


def plain_name(name: str) -> str:
    """A file name without folders and without characters that mean something somewhere.

    >>> plain_name("../../etc/pass wd"), plain_name("C:\\\\x\\\\Größe.csv"), plain_name("..")
    ('pass_wd', 'Grosse.csv', 'file')
    """
    last = re.split(r"[/\\\\]", name)[-1].replace("ß", "ss")
    text = unicodedata.normalize("NFKD", last).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9._-]+", "_", text).strip("._-")[:120] or "file"


def _disk_error(exc: OSError) -> InfrastructureError:
    return InfrastructureError(
        "S001",
        f"The file could not be stored: {exc.strerror}.",
        remedy="Free disk space and upload it again.",
    )
