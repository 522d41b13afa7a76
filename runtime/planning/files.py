"""External files that parameters name: where they lie and what their bytes are."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from runtime.model.diagnostic import Diagnostic
from runtime.model.digest import digest_value


class FileContent(NamedTuple):
    """A file or folder that a parameter names.

    Attributes:
        path: Absolute.
        digest: Of its content; empty when it cannot be read.
        problem: Why it cannot be read (V005).
    """

    path: str
    digest: str
    problem: Diagnostic | None = None


class FileDigests:
    """Digests of the files of one plan, each read once."""

    def __init__(self, folder: Path | None, digest: Callable[[Path], str]) -> None:
        self._folder = folder or Path()
        self._digest = digest
        self._known: dict[Path, str] = {}

    def of(self, value: str, subject: str, where: str) -> FileContent:
        """Give the absolute path of a file or folder and the digest of its content.

        Args:
            value: What the parameter says.
            subject: What a problem's sentence begins with.
            where: Where a problem is.
        """
        path = self._folder / value
        try:
            path = path.expanduser().resolve()
            if path not in self._known:
                self._known[path] = self._content(path)
            return FileContent(str(path), self._known[path])
        except (OSError, ValueError, RuntimeError) as error:
            return FileContent(str(path), "", unreadable(subject, value, path, error, where))

    def _content(self, path: Path) -> str:
        if not path.is_dir():
            return self._digest(path)
        files = sorted(item for item in path.rglob("*") if item.is_file())
        return digest_value(
            {item.relative_to(path).as_posix(): self._digest(item) for item in files}
        )


def unreadable(subject: str, value: str, path: Path, error: Exception, where: str) -> Diagnostic:
    """V005 for a file or folder that a parameter names."""
    if isinstance(error, FileNotFoundError):
        words = "does not exist"
    else:
        words = f"cannot be read: {getattr(error, 'strerror', None) or error}"
    return Diagnostic(
        code="V005",
        message=f"{subject} names '{value}', but {path} {words}.",
        remedy="Upload the file, or correct the path.",
        where=where,
    )
