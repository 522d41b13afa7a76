"""Edit Metadata."""

from dataclasses import replace
from typing import Annotated, Any, Literal, NamedTuple

import polars as pl

from modules_library.sdk import (
    ALL_COLUMNS,
    ColumnRole,
    Columns,
    Foreseen,
    FromPort,
    Roles,
    ShownWhen,
    Summary,
    Table,
    TableSchema,
    Title,
    module,
)
from modules_library.tables import convert_column
from runtime.errors import DataError

Categorical = Literal["Unchanged", "Make categorical", "Make non-categorical"]
Fields = Literal["Unchanged", "Feature", "Label", "Clear feature", "Clear label", "Clear score"]


class EditMetadata(NamedTuple):
    """What Edit Metadata gives.

    Attributes:
        results_dataset: The table with other types, roles or names.
    """

    results_dataset: Table


_MOMENT = "Datetime(time_unit='us', time_zone={})"


def _schema(dataset: Table, known: dict[str, TableSchema], **arguments: Any) -> Foreseen:
    """Whether moments have a time zone only their texts tell, unless the format says it."""
    table = edit_metadata(dataset, **arguments).results_dataset
    other_types = {}
    if arguments["data_type"] == "DateTime":
        selected = arguments["columns"].resolve(dataset)
        renamed = _new_names(dataset.columns, selected, arguments["new_column_names"])
        other_types = {
            renamed.get(name, name): _moments(arguments["date_and_time_format"])
            for name in selected
            if not dataset.frame.schema[name].is_temporal()
        }
    return Foreseen(table, rows=known["dataset"].rows, other_types=other_types)


@module(
    version="1.0.0",
    title="Edit Metadata",
    icon="edit_note",
    schema=_schema,
    tags=("cast", "convert", "rename", "label", "categorical", "type", "date"),
)
def edit_metadata(
    dataset: Table,
    *,
    columns: Annotated[Columns, FromPort("dataset"), Title("Columns"), Summary()] = ALL_COLUMNS,
    data_type: Annotated[
        Literal["Unchanged", "String", "Integer", "Double", "Boolean", "DateTime"],
        Title("Data type"),
        Summary(),
    ] = "Unchanged",
    date_and_time_format: Annotated[
        str, Title("Date and time format"), ShownWhen("data_type", "DateTime")
    ] = "",
    categorical: Annotated[Categorical, Title("Categorical")] = "Unchanged",
    fields: Annotated[Fields, Title("Fields")] = "Unchanged",
    new_column_names: Annotated[str, Title("New column names")] = "",
) -> EditMetadata:
    """Change the type, the role or the name of columns; the values stay what they mean.

    * **String**: numbers as they are written, booleans as `true` and `false`, moments as ISO 8601.
    * **Integer**: whole numbers, from text, too; a fraction is refused rather than cut off.
    * **Double**: numbers with a fraction, from text, too.
    * **Boolean**: 0 is false, any other number true; from text: true, false, yes, no, 1, 0 in any
      case.
    * **DateTime**: text by the format, or ISO 8601 where the format is blank. Numbers are read as
      the text that they are (20241231 with `%Y%m%d`).

    Missing values stay missing.

    Args:
        dataset: The table.
        columns: The columns to change.
        data_type: The new type.
        date_and_time_format: Format of dates and times in Python's notation, such as
            `%d.%m.%Y %H:%M`.
        categorical: Whether the values are categories, which learners take apart, or not.
        fields: The role. Label is for one column, and another column that was the label loses
            that role; the three clearing options take one role away from columns that have it.
        new_column_names: Names for all selected columns, separated by commas; blank keeps them.

    Returns:
        The table with these changes.

    Raises:
        DataError: D001 when a column does not exist, D008 when a value cannot be converted (with
            its row), names are too few, too many or not unique, or several columns would be label.
    """
    selected = columns.resolve(dataset)
    frame = dataset.frame
    if data_type != "Unchanged":
        frame = frame.with_columns(
            convert_column(frame[name], data_type, date_and_time_format) for name in selected
        )
    roles = _with_fields(_with_categories(dataset.roles, selected, categorical), selected, fields)
    renamed = _new_names(frame.columns, selected, new_column_names)
    return EditMetadata(results_dataset=Table(frame.rename(renamed), roles.renamed(renamed)))


def example() -> dict[str, Any]:
    """A small run of this module."""
    frame = pl.DataFrame({"born": ["31.12.1999", "01.02.2003"], "kind": [1, 2]})
    return {
        "inputs": {"dataset": frame},
        "parameters": {
            "columns": ["born"],
            "data_type": "DateTime",
            "date_and_time_format": "%d.%m.%Y",
        },
    }


def _moments(date_format: str) -> tuple[str, ...]:
    """Types that moments in text may get: with a format without a zone there is one only."""
    plain, zoned = _MOMENT.format(None), _MOMENT.format("'UTC'")
    if not date_format:
        return plain, zoned
    return (zoned,) if "%z" in date_format else (plain,)


def _with_categories(roles: Roles, selected: list[str], categorical: Categorical) -> Roles:
    if categorical == "Unchanged":
        return roles
    return roles.changed(selected, categorical=categorical == "Make categorical")


def _with_fields(roles: Roles, selected: list[str], fields: Fields) -> Roles:
    match fields:
        case "Unchanged":
            return roles
        case "Feature":
            return roles.changed(selected, kind="feature", detail="")
        case "Label":
            return _with_label(roles, selected)
        case "Clear feature" | "Clear label" | "Clear score":
            kind = fields.removeprefix("Clear ")
            cleared = [name for name in selected if roles.of(name).kind == kind]
            return roles.changed(cleared, kind="", detail="")


def _with_label(roles: Roles, selected: list[str]) -> Roles:
    if len(selected) != 1:
        raise DataError(
            "D008",
            f"{len(selected)} columns are selected, but one column is the label.",
            remedy="Select exactly one column.",
            parameter="columns",
        )
    others: dict[str, ColumnRole] = {
        name: replace(role, kind="") if role.kind == "label" else role
        for name, role in roles.items()
    }
    return Roles(others).changed(selected, kind="label", detail="")


def _new_names(columns: list[str], selected: list[str], text: str) -> dict[str, str]:
    """Old name to new name of the selected columns; nothing where the text is blank."""
    if not text.strip():
        return {}
    names = [name.strip() for name in text.split(",")]
    if len(names) != len(selected) or not all(names):
        raise DataError(
            "D008",
            f"{len([n for n in names if n])} new names are given for {len(selected)} columns.",
            remedy="Give one name for each selected column, separated by commas.",
            parameter="new_column_names",
        )
    renamed = dict(zip(selected, names, strict=True))
    result = [renamed.get(name, name) for name in columns]
    twice = next((name for name in result if result.count(name) > 1), None)
    if twice is not None:
        raise DataError(
            "D008",
            f"Two columns would have the name {twice!r}.",
            remedy="Give every column another name.",
            column=twice,
            parameter="new_column_names",
        )
    return renamed
