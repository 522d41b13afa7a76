"""The sample pipelines that ship with the designer."""

from collections.abc import Iterator
from pathlib import Path

from designer.assets_folder import assets_folder
from designer.document.operations import Document
from designer.services.answers import Sample
from designer.services.pipeline_view import thumbnail
from runtime.errors import RequestError, close_matches
from runtime.model.graph_json import graph_to_document, parse_graph


def list_samples() -> Iterator[Sample]:
    """Every sample with its looks, by id."""
    for path in _files():
        graph = parse_graph(path.read_bytes())
        yield Sample(
            id=path.stem,
            name=graph.name,
            description=graph.description,
            thumbnail=thumbnail(graph),
        )


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
    return graph_to_document(parse_graph(files[sample_id].read_bytes()))


def samples_folder() -> Path:
    """Where the samples and the data files they read lie."""
    return assets_folder() / "samples"


def _files() -> list[Path]:
    return sorted(samples_folder().glob("*.json"))
