"""Files and folders as artifacts; a folder's digest is that of its manifest."""

from __future__ import annotations

import shutil
from pathlib import Path

from runtime.model.digest import canonical_json, digest_bytes, digest_file

MANIFEST = ".manifest.json"


def take_file(source: Path, target: Path, *, own: Path) -> None:
    """Put a file where outputs lie: moved when the step made it in its own folder, else copied."""
    if source.resolve() == target.resolve():
        return
    if source.resolve().is_relative_to(own.resolve()) and not source.is_symlink():
        source.replace(target)
    else:
        shutil.copyfile(source, target)


def take_folder(source: Path, target: Path, *, own: Path) -> tuple[str, int, int]:
    """Put a folder where outputs lie and write its manifest; gives digest, bytes and files."""
    if source.resolve() != target.resolve():
        if source.resolve().is_relative_to(own.resolve()):
            source.replace(target)
        else:
            shutil.copytree(source, target, symlinks=False)
    files = {
        path.relative_to(target).as_posix(): path
        for path in sorted(target.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }
    entries = {
        name: {"bytes": path.stat().st_size, "digest": digest_file(path)}
        for name, path in files.items()
    }
    manifest = canonical_json({"format": 1, "files": entries})
    (target / MANIFEST).write_bytes(manifest)
    return digest_bytes(manifest), sum(path.stat().st_size for path in files.values()), len(files)
