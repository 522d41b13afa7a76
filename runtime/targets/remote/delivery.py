"""A step request as it is for a host: every path one of the host's, and what has to lie there."""

import importlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec

from runtime.model import Environment, InputArtifact, PackageSource, StepRequest
from runtime.model.digest import digest_file
from runtime.stores.artifact_store import MANIFEST
from runtime.stores.workspace import file_name
from runtime.targets.remote.messages import Deliver, Ready
from runtime.targets.remote.packages import packages_of
from runtime.worker import LOG

_replace = msgspec.structs.replace
_digests: dict[tuple[str, int, int], str] = {}


class Delivery(NamedTuple):
    """What goes to the host, and where its bytes are here: path by digest."""

    message: Deliver
    paths: dict[str, str]


def host_request(
    request: StepRequest, ready: Ready, workspace: str, *, wheels: str = ""
) -> StepRequest:
    """The request with the host's paths; a step that has to outlive our server runs alone.

    Args:
        request: The request as it is here.
        ready: Where the host's folders are.
        workspace: Names the workspace there.
        wheels: Folder on the host that packages of environments come from; an index when empty.
    """
    store = f"{ready.home}/cas"
    folder = (
        f"{ready.home}/workspaces/{workspace}/runs/"
        f"{request.run_id}/{file_name(request.step_id)}/{request.attempt}"
    )
    files = {name: f"{folder}/files/{name}/{Path(p).name}" for name, p in request.files.items()}
    return _replace(
        request,
        entry=_replace(
            request.entry,
            isolated=request.entry.isolated or ready.runs_alone,
            source=_source(request, ready, folder),
        ),
        inputs={
            port: tuple(
                InputArtifact(
                    ref=one.ref, path=f"{store}/{one.ref.digest[3:5]}/{one.ref.digest[3:]}"
                )
                for one in artifacts
            )
            for port, artifacts in request.inputs.items()
        },
        files=files,
        parameters={**request.parameters, **files},
        folder=folder,
        source_folder=folder,
        log=f"{folder}/{LOG}",
        environment=_there(request.environment, wheels),
    )


def delivery_of(key: int, request: StepRequest, there: StepRequest, ready: Ready) -> Delivery:
    """Everything the host needs for a request.

    Args:
        key: The attempt.
        request: The request as it is here.
        there: The same with the host's paths.
        ready: Where the host's folders are.

    Raises:
        OSError: A file cannot be read.
    """
    paths: dict[str, str] = {}
    folders: dict[str, str] = {}
    links: dict[str, str] = {}
    for artifacts in request.inputs.values():
        for one in artifacts:
            if os.path.isdir(one.path):
                folders[one.ref.digest] = folder_files(one.path, paths)
            else:
                paths[one.ref.digest] = one.path
    own: dict[str, str] = {}
    for name, path in request.files.items():
        own |= below(there.files[name], path)
    for name, source in source_files(request).items():
        own[f"{there.folder}/source/{name}"] = str(source)
    for place, path in own.items():
        digest = digest_of(path)
        paths[digest] = path
        links[os.path.relpath(place, ready.home)] = digest
    message = Deliver(
        id=key,
        request=there,
        blobs={digest: os.path.getsize(path) for digest, path in paths.items()},
        folders=folders,
        links=links,
    )
    return Delivery(message, paths)


def below(place: str, path: str) -> dict[str, str]:
    """Where a file has to lie on the host; of a folder, where all of its files have to."""
    if not os.path.isdir(path):
        return {place: path}
    return {
        f"{place}/{file.relative_to(path).as_posix()}": str(file)
        for file in sorted(Path(path).rglob("*"))
        if file.is_file()
    }


def source_files(request: StepRequest) -> dict[str, Path]:
    """The files of a module that comes with no package: its executor knows which."""
    if _in_package(request) is not None or not os.path.isabs(request.entry.source):
        return {}
    module = importlib.import_module(request.entry.executor.partition(":")[0])
    files: Callable[[StepRequest], dict[str, Path]] | None = getattr(module, "source_files", None)
    return files(request) if files is not None else {}


def _source(request: StepRequest, ready: Ready, folder: str) -> str:
    inside = _in_package(request)
    if inside is not None:
        package, path = inside
        return f"{ready.packages[package]}/{package}/{path}"
    first = next(iter(source_files(request)), None)
    return f"{folder}/source/{first}" if first is not None else request.entry.source


def _there(environment: Environment | None, wheels: str) -> Environment | None:
    """An environment whose packages come from the host's own folder, never from one of ours."""
    if environment is None:
        return None
    source = PackageSource() if wheels else environment.source
    return _replace(environment, source=_replace(source, wheels=wheels))


def _in_package(request: StepRequest) -> tuple[str, str] | None:
    source = Path(request.entry.source)
    for one in packages_of(request.entry.executor):
        if source.is_relative_to(one.root):
            return one.name, source.relative_to(one.root).as_posix()
    return None


def folder_files(path: str, paths: dict[str, str]) -> str:
    """The manifest of a folder, whose files are added to `paths` by their digests."""
    text = Path(path, MANIFEST).read_text(encoding="utf-8")
    for name, entry in msgspec.json.decode(text)["files"].items():
        paths[entry["digest"]] = f"{path}/{name}"
    return text


def digest_of(path: str) -> str:
    """The digest of a file, remembered until it changes."""
    facts = os.stat(path)
    key = (path, facts.st_size, facts.st_mtime_ns)
    if key not in _digests:
        _digests[key] = digest_file(Path(path))
    return _digests[key]
