"""Enter Data Manually."""

from typing import Annotated, Any, Literal, NamedTuple

from modules_library.formats import (
    DEFAULT_MISSING,
    TextOptions,
    infer_types,
    read_arff,
    read_delimited,
    read_svmlight,
)
from modules_library.sdk import ShownWhen, StepContext, Summary, Table, Text, Title, module


class EnterDataManually(NamedTuple):
    """What Enter Data Manually gives.

    Attributes:
        dataset: The table.
    """

    dataset: Table


@module(
    version="1.0.0",
    title="Enter Data Manually",
    icon="keyboard",
    tags=("type", "csv", "tsv", "arff", "svmlight", "constant"),
)
def enter_data_manually(
    *,
    data_format: Annotated[
        Literal["ARFF", "CSV", "SVMLight", "TSV"], Title("Data format"), Summary()
    ] = "CSV",
    has_header: Annotated[
        bool, Title("The first row holds the column names"), ShownWhen("data_format", "CSV", "TSV")
    ] = True,
    data: Annotated[Text, Title("Data")] = "",
    context: StepContext | None = None,
) -> EnterDataManually:
    """Make a small table out of typed text.

    * **CSV, TSV**: values between commas or tabs; values with a comma, a tab or a line break stand
      in double quotes. Types are found from all values; an empty value, NA, N/A, NaN and null are
      missing. Without header the columns are `Col1`, `Col2`, ….
    * **ARFF**: the format of Weka, dense or sparse; nominal columns are categorical text, `?` is
      missing.
    * **SVMLight**: rows such as `1 3:0.5 7:2`. The label is the column `Label` with the role label,
      position 3 is the column `Col3`, what a row leaves out is 0.

    Args:
        data_format: How the text is written.
        has_header: Off: columns are `Col1`, `Col2`, ….
        data: The text.
        context: The step, which hears warnings.

    Returns:
        The table.

    Raises:
        DataError: D003 when the text is empty or violates the format, with the row or line.
    """
    name = "Data"
    match data_format:
        case "ARFF":
            table = read_arff(data, name=name)
        case "SVMLight":
            table = read_svmlight(data, name=name)
        case "CSV" | "TSV":
            options = TextOptions(
                delimiter="," if data_format == "CSV" else "\t",
                has_header=has_header,
                unnamed="Col",
            )
            texts = read_delimited(data.encode(), options, name=name)
            frame, mixed = infer_types(texts, DEFAULT_MISSING)
            for column in mixed:
                (context or StepContext()).warn(f"D004 {column}")
            table = Table(frame)
    return EnterDataManually(dataset=table)


def example() -> dict[str, Any]:
    """A small run of this module."""
    return {"inputs": {}, "parameters": {"data": "city,people\nBern,134000\nRome,2750000\n"}}
