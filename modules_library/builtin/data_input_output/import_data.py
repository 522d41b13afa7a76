"""Import Data."""

import tempfile
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from modules_library.formats import DELIMITERS, FileOptions, TextOptions, read_files, read_heads
from modules_library.formats.download import download
from modules_library.sdk import (
    ALL_COLUMNS,
    Columns,
    FilePath,
    Foreseen,
    Range,
    ShownWhen,
    StepContext,
    Summary,
    Table,
    Title,
    Unit,
    UnknownUntilRun,
    module,
)
from runtime.errors import DataError


class ImportData(NamedTuple):
    """What Import Data gives.

    Attributes:
        results_dataset: The imported table.
    """

    results_dataset: Table


def _schema(
    data_source: str,
    path: Path | None,
    files: str,
    columns: Columns,
    context: StepContext,
    **reading: Any,
) -> Foreseen:
    """The beginning of local files tells the columns; nothing goes to the network before a run."""
    if data_source == "URL":
        raise UnknownUntilRun("The address is read when the pipeline runs.")
    found, names = _found(data_source, path, files, context)
    head = read_heads(found, names, _options(**reading))
    if head is None:
        raise UnknownUntilRun("The file is too large to look into before the pipeline runs.")
    try:
        kept = columns.resolve(head.frame, port=names[0])
    except DataError:
        if head.has_more:
            raise UnknownUntilRun("The columns are known when the whole file is read.") from None
        raise
    is_named = columns.start == "none" and all(rule.by == "names" for rule in columns.rules)
    return Foreseen(
        head.frame.select(kept),
        rows=head.rows,
        other_types={name: types for name, types in head.other_types.items() if name in kept},
        more=("",) if head.has_more and not is_named else (),
    )


@module(
    version="1.0.0",
    title="Import Data",
    icon="file_upload",
    schema=_schema,
    tags=("csv", "tsv", "parquet", "arrow", "json", "excel", "xlsx", "url", "load", "read", "file"),
)
def import_data(
    *,
    data_source: Annotated[Literal["File", "Folder", "URL"], Title("Data source")] = "File",
    path: Annotated[
        FilePath | None,
        Title("File or folder"),
        ShownWhen("data_source", "File", "Folder"),
        Summary(),
    ] = None,
    files: Annotated[
        str, Title("Files of the folder"), ShownWhen("data_source", "Folder")
    ] = "**/*",
    url: Annotated[str, Title("Address"), ShownWhen("data_source", "URL"), Summary()] = "",
    timeout_s: Annotated[
        float,
        Range(0, 3600, exclusive_minimum=True),
        Unit("s"),
        Title("Time limit of the connection"),
        ShownWhen("data_source", "URL"),
    ] = 60.0,
    maximum_size_mib: Annotated[
        int, Range(1), Unit("MiB"), Title("Size limit"), ShownWhen("data_source", "URL")
    ] = 4096,
    file_format: Annotated[
        Literal["Auto", "CSV", "TSV", "Parquet", "Arrow", "JSON lines", "Excel"],
        Title("File format"),
    ] = "Auto",
    delimiter: Annotated[
        Literal["Auto", "Comma", "Semicolon", "Tab", "Pipe", "Space", "Custom"],
        Title("Delimiter"),
        ShownWhen("file_format", "Auto", "CSV"),
    ] = "Auto",
    custom_delimiter: Annotated[
        str,
        Title("Custom delimiter"),
        ShownWhen("file_format", "Auto", "CSV"),
        ShownWhen("delimiter", "Custom"),
    ] = "",
    has_header: Annotated[
        bool,
        Title("The first row holds the column names"),
        ShownWhen("file_format", "Auto", "CSV", "TSV", "Excel"),
    ] = True,
    encoding: Annotated[
        Literal[
            "UTF-8", "UTF-8 lossy", "UTF-16", "Latin-1", "Windows-1252", "Shift JIS", "GB 18030"
        ],
        Title("Encoding"),
        ShownWhen("file_format", "Auto", "CSV", "TSV"),
    ] = "UTF-8",
    missing_values: Annotated[
        list[str],
        Title("Texts that mean missing"),
        ShownWhen("file_format", "Auto", "CSV", "TSV"),
    ] = ["", "NA", "N/A", "NaN", "null"],  # noqa: B006
    mixed_columns: Annotated[
        Literal["Read as text", "Stop"],
        Title("Columns that mix numbers and text"),
        ShownWhen("file_format", "Auto", "CSV", "TSV"),
    ] = "Read as text",
    sheet: Annotated[str, Title("Sheet"), ShownWhen("file_format", "Auto", "Excel")] = "",
    columns: Annotated[Columns, Title("Columns")] = ALL_COLUMNS,
    regenerate_output: Annotated[bool, Title("Regenerate output")] = False,
    context: StepContext | None = None,
) -> ImportData:
    """Read a table from a file, from all files of a folder, or from the web.

    **Formats**: CSV, TSV, Parquet, Arrow, JSON lines (one object per line, or one list of objects) and Excel. `Auto` goes by
    the ending of the name (`.csv .txt .tsv .tab .parquet .arrow .feather .ipc .jsonl .ndjson .json
    .xlsx .xls .xlsb .ods`); other names are read as CSV.

    **Text files** are read as text first, then each column gets its type from all of its values:
    true and false, whole numbers, numbers, dates and times in ISO 8601, else text. Numbers with
    leading zeros and whole numbers beyond 64 bits are identifiers and stay text. A column where
    some values are no numbers is text, with a warning that names the first such row, or stops the
    import. Names that occur twice get a number (`price (1)`), columns without a name are `col1`,
    `col2`, ….

    **Folders**: the files that the pattern chooses, in the order of their paths; hidden files are
    passed over. All have the same columns, and their rows follow each other.

    **Addresses** are http or https. A redirect to another host is refused; what may pass is tried
    three times.

    Args:
        data_source: Where the table is.
        path: The file, or the folder.
        files: Which files of the folder: a pattern in which `*` stands for any part of a name and
            `**` for any folders, such as `2024/*.csv`.
        url: The address.
        timeout_s: How long to wait for the server at any moment.
        maximum_size_mib: The download stops beyond this size.
        file_format: How the file is written.
        delimiter: The sign between values; Auto finds it.
        custom_delimiter: Another sign between values, one character.
        has_header: Off: columns are `col1`, `col2`, ….
        encoding: How letters are written as bytes; lossy replaces what is not UTF-8 by `�`.
        missing_values: Texts that stand for a missing value; spaces around them do not count.
        mixed_columns: What to do with a column of which at least half are numbers, but not all.
        sheet: Name of the sheet of a workbook, blank for the first one.
        columns: Which columns to keep.
        regenerate_output: Import again even though nothing seems to have changed, for data behind
            an address.
        context: The step: where relative paths start, and who hears progress and warnings.

    Returns:
        The table.

    Raises:
        DataError: D001 when a column does not exist, D003 when a file is empty, ragged, has another
            delimiter or format, D004 when a column mixes numbers and text and shall not, D007 when
            the files of a folder do not fit together, D008 when there is no file, D011 when the
            encoding is another, D014 when a download fails.
    """
    context = context or StepContext()
    options = _options(
        file_format=file_format,
        delimiter=delimiter,
        custom_delimiter=custom_delimiter,
        has_header=has_header,
        encoding=encoding,
        missing_values=missing_values,
        mixed_columns=mixed_columns,
        sheet=sheet,
    )
    with tempfile.TemporaryDirectory() as folder:
        if data_source == "URL":
            place = Path(folder)
            found = [download(url, place, timeout_s=timeout_s, maximum_mib=maximum_size_mib)]
            names = [file.name for file in found]
        else:
            found, names = _found(data_source, path, files, context)
        frame = read_files(found, names, options, progress=context.progress, warn=context.warn)
    kept = columns.resolve(frame, port=names[0])
    return ImportData(results_dataset=Table(frame.select(kept)))


def _found(
    data_source: str, path: Path | None, files: str, context: StepContext
) -> tuple[list[Path], list[str]]:
    """The files to read, and how errors name them."""
    if data_source == "Folder":
        place = _existing(path, context)
        found = _files(place, files)
    else:
        found = [_one_file(path, context)]
        place = found[0].parent
    return found, [file.relative_to(place).as_posix() for file in found]


def _options(
    *,
    file_format: Any,
    delimiter: str,
    custom_delimiter: str,
    has_header: bool,
    encoding: Any,
    missing_values: list[str],
    mixed_columns: str,
    sheet: str,
    **others: Any,
) -> FileOptions:
    return FileOptions(
        file_format=file_format,
        text=TextOptions(
            delimiter=_delimiter(delimiter, custom_delimiter),
            has_header=has_header,
            encoding=encoding,
        ),
        missing=tuple(missing_values),
        stops_on_mixed=mixed_columns == "Stop",
        sheet=sheet,
    )


def _delimiter(choice: str, custom: str) -> str | None:
    if choice == "Auto":
        return None
    if choice != "Custom":
        return DELIMITERS[choice]
    if len(custom.encode()) != 1 or custom in '"\r\n':
        raise DataError(
            "D008",
            f"{custom!r} cannot be a delimiter.",
            remedy="Give one ASCII character that is neither a quote nor a line break.",
            parameter="custom_delimiter",
        )
    return custom


def _existing(path: Path | None, context: StepContext) -> Path:
    if path is None:
        raise DataError(
            "D008", "No file is chosen.", remedy="Choose a file or a folder.", parameter="path"
        )
    whole = path if path.is_absolute() else context.source_folder / path
    if not whole.exists():
        raise DataError(
            "D008", f"'{path}' does not exist.", remedy="Choose a file that exists.", path=str(path)
        )
    return whole


def _one_file(path: Path | None, context: StepContext) -> Path:
    whole = _existing(path, context)
    if whole.is_dir():
        raise DataError(
            "D008",
            f"'{path}' is a folder.",
            remedy="Choose a file, or Folder as the data source.",
            path=str(path),
        )
    return whole


def _files(folder: Path, pattern: str) -> list[Path]:
    if not folder.is_dir() or pattern.startswith("/") or ".." in Path(pattern).parts:
        raise DataError(
            "D008",
            f"'{pattern}' in '{folder.name}' does not name files of a folder.",
            remedy="Choose a folder, and a pattern such as **/*.csv.",
        )
    pattern = f"{pattern}/*" if pattern.endswith("**") else pattern
    found = [
        file
        for file in folder.glob(pattern)
        if file.is_file()
        and not any(part.startswith(".") for part in file.relative_to(folder).parts)
    ]
    if not found:
        raise DataError(
            "D008",
            f"No file of '{folder.name}' fits '{pattern}'.",
            remedy="Choose another folder or pattern.",
        )
    return sorted(found, key=lambda file: file.relative_to(folder).as_posix())


def example() -> dict[str, Any]:
    """A small run of this module: a table that comes with it."""
    return {
        "inputs": {},
        "parameters": {"path": str(Path(__file__).with_name("cities.csv")), "columns": ["city"]},
    }
