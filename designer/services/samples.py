"""The sample pipelines that ship with the designer."""

import shutil
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from designer.assets_folder import assets_folder
from designer.document.operations import Document
from designer.services.answers import Sample
from designer.services.pipeline_view import thumbnail
from runtime.errors import RequestError, close_matches
from runtime.model.graph_json import graph_to_document, parse_graph

LONGEST_PATH = 200
LEARNED = "x-learned"
"""Under this key a sample's file says what one learns from it; copies do without."""


def list_samples() -> Iterator[Sample]:
    """Every sample with its looks, by id."""
    for path in _files():
        yield _looks(path, path.stat().st_mtime_ns)


def sample_documents() -> Iterator[Document]:
    """The graph documents of all samples."""
    for path in _files():
        yield graph_to_document(parse_graph(path.read_bytes()))


def find_sample(sample_id: str) -> Document:
    """The graph document of a sample.

    Raises:
        RequestError: S005 when there is none of that id.
    """
    files = {path.stem: path for path in _files()}
    if sample_id not in files:
        raise RequestError(
            "S005",
            f"There is no sample '{sample_id}'.{close_matches(sample_id, files)}",
            remedy="Choose one of the samples.",
        )
    document = graph_to_document(parse_graph(files[sample_id].read_bytes()))
    return {key: value for key, value in document.items() if key != LEARNED}


def with_data(document: Document, folder: Path) -> Document:
    """The document after the data files it names were copied from the samples to a folder.

    A file there of the same name with other bytes stays; the copy gets another name.
    """
    nodes = {
        node_id: {
            **node,
            "parameters": {
                name: _copied(value, folder) for name, value in node.get("parameters", {}).items()
            },
        }
        for node_id, node in document.get("nodes", {}).items()
    }
    return {**document, "nodes": nodes}


def samples_folder() -> Path:
    """Where the samples and the data files they read lie."""
    return assets_folder() / "samples"


@lru_cache(maxsize=64)
def _looks(path: Path, _written_at: int) -> Sample:
    """A sample as it is shown; its picture is drawn again only when the file has changed."""
    graph = parse_graph(path.read_bytes())
    return Sample(
        id=path.stem,
        name=graph.name,
        description=graph.description,
        learned=str(graph.extensions.get(LEARNED, "")),
        node_count=len(graph.nodes),
        thumbnail=thumbnail(graph),
    )


def _files() -> list[Path]:
    return sorted(samples_folder().glob("*.json"))


def _copied(value: Any, folder: Path) -> Any:
    if not isinstance(value, str) or not value or len(value) > LONGEST_PATH or "\n" in value:
        return value
    source = samples_folder() / value
    if not source.is_file() or not source.resolve().is_relative_to(samples_folder().resolve()):
        return value
    content = source.read_bytes()
    number, target = 1, folder / value
    while target.exists() and target.read_bytes() != content:
        number += 1
        target = (folder / value).with_stem(f"{Path(value).stem}_{number}")
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        shutil.copyfile(source, target)
    return target.relative_to(folder).as_posix()
