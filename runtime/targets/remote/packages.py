"""Our packages for a host: their sources by digest, packed, and the words that unpack them there."""

import importlib.util
import io
import tarfile
from functools import cache
from pathlib import Path
from typing import NamedTuple

from runtime.model.digest import digest_value

RUNTIME = "runtime"
_LARGEST_FILE = 4 << 20


class Package(NamedTuple):
    """A package as it is sent: its name, where it lies here, its digest without the prefix."""

    name: str
    root: Path
    digest: str


@cache
def package(name: str) -> Package:
    """A package by its name; nothing of it is imported.

    Raises:
        ModuleNotFoundError: There is none of that name.
    """
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.origin:
        raise ModuleNotFoundError(name)
    root = Path(spec.origin).parent
    contents = {path: file.read_bytes().hex() for path, file in _files(root).items()}
    return Package(name, root, digest_value(contents).removeprefix("b3:")[:32])


def packages_of(executor: str) -> tuple[Package, ...]:
    """What a worker needs to import an executor: the runtime, and the executor's own package."""
    names = dict.fromkeys((RUNTIME, executor.partition(":")[0].partition(".")[0]))
    return tuple(map(package, names))


def packed(one: Package) -> bytes:
    """The package as a compressed archive."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", compresslevel=5) as archive:
        for path, file in _files(one.root).items():
            archive.add(file, arcname=f"{one.name}/{path}", recursive=False)
    return buffer.getvalue()


UNPACK = f"""{Path(__file__).with_name("unpacking.py").read_text()}
import sys
os.umask(0o077)
unpack(os.path.expanduser(sys.argv[1]), sys.argv[2], sys.stdin.buffer.read())
"""
"""Unpacks an archive that comes in, under its digest."""

SERVE = """
import json, os, sys
home = os.path.expanduser(sys.argv[1])
packages = dict(word.split("=") for word in sys.argv[3:])
places = {name: home + "/packages/" + digest for name, digest in packages.items()}
missing = [name for name, place in places.items() if not os.path.isdir(place)]
if missing:
    print(json.dumps({"say": "missing", "packages": missing}))
else:
    sys.path[:0] = places.values()
    from runtime.targets.remote.server import main
    main(home, sys.argv[2], places)
"""
"""Becomes our server, or says which packages it lacks."""

RECEIVE = """
import os, sys
home = os.path.expanduser(sys.argv[1])
sys.path[:0] = [home + "/packages/" + digest for digest in sys.argv[5:]]
from runtime.targets.remote.blobs import receive
receive(home, *sys.argv[2:5])
"""
"""Takes a blob from standard input."""


def _files(root: Path) -> dict[str, Path]:
    """The files of a package by their path below it: sources, and small data beside them."""
    found: dict[str, Path] = {}
    waiting = [root]
    while waiting:
        for path in sorted(waiting.pop().iterdir()):
            if path.is_dir():
                if (path / "__init__.py").exists():
                    waiting.append(path)
            elif path.suffix != ".pyc" and path.stat().st_size <= _LARGEST_FILE:
                found[path.relative_to(root).as_posix()] = path
    return dict(sorted(found.items()))
