"""Row orders and hits as files that every process of the read worker maps: bounded by their bytes.

They are derived and cheap to make again, so nothing is synced; the folder is emptied when a
designer starts.
"""

import contextlib
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from runtime.errors import InfrastructureError

MOST_BYTES = 1 << 30


class KeptRows:
    """Arrays by name in a folder; the ones asked for least recently go first.

    Args:
        folder: Made when absent.
        most_bytes: What they may take together; the newest one stays in any case.
    """

    def __init__(self, folder: Path, *, most_bytes: int = MOST_BYTES) -> None:
        self._folder = folder
        self._most_bytes = most_bytes

    def get(self, name: str, dtype: type[np.generic]) -> npt.NDArray[Any] | None:
        """A kept array, mapped; None when there is none of that name."""
        path = self._path(name)
        try:
            os.utime(path)
            size = path.stat().st_size
            return np.memmap(path, dtype, mode="r") if size else np.empty(0, dtype)
        except FileNotFoundError:
            return None

    def keep(self, name: str, array: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Keep an array under a name; gives it back as it is read from now on.

        Raises:
            InfrastructureError: S001 when the disk is full.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=self._folder, prefix=".")
        try:
            with os.fdopen(descriptor, "wb") as file:
                array.tofile(file)
            Path(temporary).replace(self._path(name))
        except OSError as exc:
            Path(temporary).unlink(missing_ok=True)
            raise InfrastructureError(
                "S001",
                f"The order of {len(array):,} rows cannot be kept: {exc.strerror}.",
                remedy="Free some space on the workspace's disk.",
            ) from exc
        self._make_room(self._path(name))
        return array

    def _make_room(self, newest: Path) -> None:
        found = []
        for path in self._folder.iterdir():
            with contextlib.suppress(FileNotFoundError):
                facts = path.stat()
                found.append((facts.st_mtime_ns, facts.st_size, path))
        total = sum(size for _, size, _ in found)
        for _, size, path in sorted(found):
            if total <= self._most_bytes:
                break
            if path != newest:
                path.unlink(missing_ok=True)
                total -= size

    def _path(self, name: str) -> Path:
        return self._folder / name
