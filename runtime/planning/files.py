"""External files that parameters name: where they lie and what their bytes are."""

from collections.abc import Callable
from pathlib import Path

from runtime.model.diagnostic import Diagnostic
from runtime.model.digest import digest_value


class FileDigests:
    """Digests of the files of one plan, each read once; problems are collected."""

    def __init__(self, folder: Path | None, digest: Callable[[Path], str]) -> None:
        self._folder = folder or Path()
        self._digest = digest
        self._known: dict[Path, str] = {}
        self.problems: list[Diagnostic] = []

    def of(
        self, value: str, subject: str, where: str, *, is_optional: bool = False
    ) -> tuple[str, str]:
        """Give the absolute path of a file or folder and the digest of its content.

        A path that cannot be read is a V005 problem at `where`, unless it `is_optional`.
        """
        path = self._folder / value
        try:
            path = path.expanduser().resolve()
            if path not in self._known:
                self._known[path] = self._content(path)
            return str(path), self._known[path]
        except (OSError, ValueError, RuntimeError) as error:
            if not is_optional:
                self.problems.append(unreadable(subject, value, path, error, where))
            return str(path), ""

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
