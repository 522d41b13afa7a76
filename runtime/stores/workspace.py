"""The workspace: one folder that holds everything, and where each thing lies in it."""

import os
from pathlib import Path

from runtime.durable_files import replace_durably
from runtime.errors import InfrastructureError
from runtime.log import note
from runtime.model.digest import digest_bytes

FORMAT = 1
PRIVATE_FOLDER = 0o700
RUNS_DB = "runs.db"
ARTIFACTS = "artifacts"
MODULES = "modules"
_FOLDERS = (ARTIFACTS, "runs", MODULES, "library", "pipelines")
_LONGEST_NAME = 120


class Workspace:
    """A workspace folder; making one creates what is absent, readable by its owner only.

    Args:
        path: The folder.

    Raises:
        InfrastructureError: S004 when a newer designer wrote it, S002 when it cannot be made.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(os.path.abspath(os.path.expanduser(path)))
        self.artifacts = self.path / ARTIFACTS
        self.runs = self.path / "runs"
        self.modules = self.path / MODULES
        self.library = self.path / "library"
        self.pipelines = self.path / "pipelines"
        self.runs_db = self.path / RUNS_DB
        self.designer_db = self.path / "designer.db"
        self.desks = self.runs / ".workers"
        self.built_environments = self.path / "environments/built"
        self.lock_file = self.path / "engine.lock"
        self.settings_file = self.path / "workspace.toml"
        self._create()

    def step_folder(self, run_id: str, step: str) -> Path:
        """Folder of one step of one run; it holds a folder per attempt."""
        return self.runs / run_id / "steps" / file_name(step)

    def attempt_folder(self, run_id: str, step: str, attempt: int) -> Path:
        """Folder of one attempt: log, outputs, and the result of an isolated step."""
        return self.step_folder(run_id, step) / str(attempt)

    def log_file(self, run_id: str, step: str, attempt: int) -> Path:
        """Standard output and error of one attempt."""
        return self.attempt_folder(run_id, step, attempt) / "out.log"

    def socket_path(self) -> Path:
        """Path for the engine's Unix socket: short enough for the kernel, private to the user."""
        return _socket_folder() / f"{_short_digest(os.fsencode(self.path))}.sock"

    def _create(self) -> None:
        try:
            if self.settings_file.exists():
                _check_settings(self.settings_file)
            self.path.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
            for name in _FOLDERS:
                (self.path / name).mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
            if not self.settings_file.exists():
                _write_settings(self.settings_file)
        except OSError as exc:
            raise InfrastructureError(
                "S002",
                f"The workspace '{self.path}' cannot be opened: {exc.strerror}: '{exc.filename}'.",
                remedy="Choose a folder that you may write to.",
            ) from exc


def file_name(name: str) -> str:
    """Give a file name for a step id: itself, or shortened with a digest when it is long.

    >>> file_name("split")
    'split'
    """
    if len(name) <= _LONGEST_NAME:
        return name
    return f"{name[:80]}-{_short_digest(name.encode())}"


def _short_digest(data: bytes) -> str:
    return digest_bytes(data)[3:23]


def _socket_folder() -> Path:
    base = os.environ.get("XDG_RUNTIME_DIR") or "/tmp"
    folder = Path(base) / f"designer-{os.getuid()}"
    if len(os.fsencode(folder)) > 70:
        folder = Path("/tmp") / f"designer-{os.getuid()}"
    folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise InfrastructureError(
            "S002",
            f"The folder '{folder}' for sockets belongs to another user.",
            remedy="Set XDG_RUNTIME_DIR to a folder of your own.",
        )
    return folder


def _write_settings(path: Path) -> None:
    replace_durably(path, f"format = {FORMAT}\n".encode())


def _check_settings(path: Path) -> None:
    """Refuse a newer format; a file that says none is moved aside and written anew."""
    known = _format_of(path.read_text(encoding="utf-8", errors="replace"))
    if known is None:
        note(__name__, "S003 '%s' names no format: moved aside and written anew", path)
        path.replace(path.with_name(f"{path.name}.broken"))
    elif known > FORMAT:
        raise InfrastructureError(
            "S004",
            f"The workspace '{path.parent}' has format {known}; this designer knows {FORMAT}.",
            remedy="Install the newer designer, or choose another workspace.",
        )


def _format_of(text: str) -> int | None:
    for line in text.splitlines():
        key, _, value = line.partition("=")
        if key.strip() == "format" and value.strip().isdecimal() and len(value) < 10:
            return int(value)
    return None
