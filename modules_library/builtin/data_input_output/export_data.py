"""Export Data."""

import os
import tempfile
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import polars as pl

from modules_library.formats import suffix_of, write_table
from modules_library.sdk import File, StepContext, Summary, Table, Title, module
from runtime.errors import DataError, InfrastructureError


class ExportData(NamedTuple):
    """What Export Data gives.

    Attributes:
        exported_file: The written file.
    """

    exported_file: File


def _schema(file_format: Any, path: str) -> dict[str, Any]:
    """A file has no columns, and none is written before a run; the path is checked."""
    if path.strip():
        _target(path, suffix_of(file_format), Path("/nowhere"))
    return {}


@module(
    version="1.0.0",
    title="Export Data",
    icon="file_download",
    schema=_schema,
    tags=("csv", "tsv", "parquet", "arrow", "json", "excel", "xlsx", "save", "write", "file"),
)
def export_data(
    dataset: Table,
    *,
    file_format: Annotated[
        Literal["CSV", "TSV", "Parquet", "Arrow", "JSON lines", "Excel"],
        Title("File format"),
        Summary(),
    ] = "CSV",
    path: Annotated[str, Title("Path"), Summary()] = "",
    regenerate_output: Annotated[bool, Title("Regenerate output")] = False,
    context: StepContext | None = None,
) -> ExportData:
    """Write a table into a file for other programs.

    The file is an output of the step, to look at and download. With a path it also goes to that
    place below the folder that the pipeline's data paths start from; folders are made as needed, and
    a file that is there is replaced in one move, so that nobody ever reads half a file.

    Text formats are UTF-8 with a header. In CSV and TSV a missing value is empty, and moments are
    ISO 8601. An Excel workbook has one sheet; it holds at most 1,048,575 rows.

    Args:
        dataset: The table.
        file_format: How the file is written.
        path: Where the file goes beside the step's output, such as `out/result.csv`; blank for
            nowhere else. The ending may be left out.
        regenerate_output: Write the file again even though nothing has changed.
        context: The step: its own folder, and the one that paths start from.

    Returns:
        The file.

    Raises:
        DataError: D008 when the path leaves the folder or has the ending of another format, or the
            table is too large for Excel.
        InfrastructureError: S001 when the place cannot be written.
    """
    context = context or StepContext()
    suffix = suffix_of(file_format)
    target = _target(path, suffix, context.source_folder) if path.strip() else None
    name = target.name if target else f"data{suffix}"
    folder = Path(tempfile.mkdtemp(dir=None if context.folder == Path() else context.folder))
    written = folder / name
    write_table(dataset.frame, written, file_format)
    if target is not None:
        _copy(written, target)
    return ExportData(exported_file=File(path=written, name=name))


def example() -> dict[str, Any]:
    """A small run of this module."""
    frame = pl.DataFrame({"city": ["Bern", "Rome"], "people": [134_000, 2_750_000]})
    return {"inputs": {"dataset": frame}, "parameters": {"file_format": "CSV"}}


def _target(path: str, suffix: str, root: Path) -> Path:
    """The place that a path names, inside the root whatever links lie on the way."""
    relative = Path(path.strip())
    if not relative.suffix:
        relative = relative.with_suffix(suffix)
    whole = (root / relative).resolve()
    if relative.is_absolute() or not whole.is_relative_to(root.resolve()):
        raise DataError(
            "D008",
            f"The path '{path}' leads out of the data folder.",
            remedy="Give a path inside it, such as out/result.csv.",
            path=path,
            parameter="path",
        )
    if relative.suffix.lower() != suffix or whole.is_dir():
        raise DataError(
            "D008",
            f"The path '{path}' does not name a file that ends with {suffix}.",
            remedy=f"Let the path end with {suffix}, or choose another file format.",
            path=path,
            parameter="path",
        )
    return whole


def _copy(source: Path, target: Path) -> None:
    """Write beside the target first, then move into its place."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
            beside = Path(file.name)
        try:
            with source.open("rb") as one, beside.open("wb") as other:
                while chunk := one.read(1 << 20):
                    other.write(chunk)
                other.flush()
                os.fsync(other.fileno())
            beside.chmod(0o644)
            beside.replace(target)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
    except OSError as exc:
        raise InfrastructureError(
            "S001",
            f"'{target.name}' cannot be written: {exc.strerror or exc}.",
            remedy="Free space, or choose a place that can be written.",
        ) from exc
