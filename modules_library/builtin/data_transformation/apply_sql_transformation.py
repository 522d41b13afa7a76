"""Apply SQL Transformation."""

import re
import warnings
from typing import Annotated, Any, NamedTuple

import polars as pl

from modules_library.sdk import (
    Code,
    Foreseen,
    Language,
    Roles,
    Summary,
    Table,
    Title,
    UnknownUntilRun,
    module,
)
from modules_library.tables import unique_names
from runtime.errors import DataError


class ApplySqlTransformation(NamedTuple):
    """What Apply SQL Transformation gives.

    Attributes:
        results_dataset: The rows of the last statement.
    """

    results_dataset: Table


def _schema(
    t1: Table | None, t2: Table | None, t3: Table | None, sql_query_script: str
) -> Foreseen:
    """Types follow from the tables' types, but for sums that may outgrow whole numbers."""
    if re.search(r"\bpivot\b", sql_query_script, re.IGNORECASE):
        raise UnknownUntilRun("PIVOT makes columns out of values.")
    tables = _given(t1, t2, t3)
    wide = _query(tables, sql_query_script)
    frame = _with_plain_numbers(wide)
    sums = [column.name for column in wide if _is_wide(column.dtype)]
    return Foreseen(
        Table(frame, _roles(tables, frame.columns)),
        other_types=dict.fromkeys(sums, ("Int64", "Float64")),
    )


@module(
    version="1.0.0",
    title="Apply SQL Transformation",
    icon="storage",
    schema=_schema,
    preload=("polars", "pyarrow", "duckdb"),
    tags=("query", "select", "group by", "aggregate", "duckdb", "sqlite"),
)
def apply_sql_transformation(
    t1: Table,
    t2: Table | None = None,
    t3: Table | None = None,
    *,
    sql_query_script: Annotated[
        Code, Language("sql"), Title("SQL query script"), Summary()
    ] = "select * from t1",
) -> ApplySqlTransformation:
    """Query up to three tables, named `t1`, `t2` and `t3`, with SQL.

    The dialect is DuckDB's: everything that SQLite knows and most of PostgreSQL, with all joins and
    window functions. Several statements are separated by semicolons; the rows of the last one are
    the result. Queries run in memory and reach no file, network or extension. Without `ORDER BY` a
    grouped or joined result comes in whatever order the database makes it, which is the same for the
    same tables: a query runs on one thread.

    A sum of whole numbers is a whole number again, as long as it fits 64 bits. Two result columns of
    one name get a number: `id`, `id (1)`.

    Args:
        t1: The table `t1`.
        t2: The table `t2`.
        t3: The table `t3`.
        sql_query_script: One or more SQL statements.

    Returns:
        The result. A column keeps the role that the column of its name had in `t1`, else in `t2`,
        else in `t3`.

    Raises:
        DataError: D009 with the database's message and the line when a statement cannot be executed
            or the last one gives no rows.
    """
    tables = _given(t1, t2, t3)
    frame = _with_plain_numbers(_query(tables, sql_query_script))
    return ApplySqlTransformation(results_dataset=Table(frame, _roles(tables, frame.columns)))


def example() -> dict[str, Any]:
    """A small run of this module."""
    frame = pl.DataFrame({"city": ["Bern", "Rome", "Bern"], "price": [1.0, 2.0, 3.0]})
    return {
        "inputs": {"t1": frame},
        "parameters": {
            "sql_query_script": "select city, sum(price) as total from t1 group by city order by city"
        },
    }


_SETTINGS = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "python_enable_replacements": "false",
    "lock_configuration": "true",
    "threads": "1",
}


def _given(*tables: Table | None) -> dict[str, Table]:
    named = zip(("t1", "t2", "t3"), tables, strict=True)
    return {name: table for name, table in named if table is not None}


def _roles(tables: dict[str, Table], columns: list[str]) -> Roles:
    found = {k: r for table in reversed(tables.values()) for k, r in table.roles.items()}
    return Roles(found).keep(columns)


def _query(tables: dict[str, Table], script: str) -> pl.DataFrame:
    import duckdb

    with duckdb.connect(":memory:", config=dict(_SETTINGS)) as connection:
        for name, table in tables.items():
            connection.register(name, table.frame.to_arrow())
        try:
            statements = connection.extract_statements(script)
            if not statements or statements[-1].type != duckdb.StatementType.SELECT:
                raise _no_result()
            # Only a statement that is executed, not a relation, names the line of an unknown column.
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", "Arrow output on a DB-API result")
                arrow: Any = connection.execute(script).to_arrow_table()
        except duckdb.Error as exc:
            raise _sql_error(str(exc), list(tables)) from exc
    names = unique_names(arrow.column_names)
    return pl.DataFrame(pl.from_arrow(arrow.rename_columns(names)))


def _no_result() -> DataError:
    return DataError(
        "D009",
        "The SQL script gives no table.",
        remedy="End it with a SELECT statement.",
        parameter="sql_query_script",
    )


def _sql_error(message: str, tables: list[str]) -> DataError:
    """The database's message with the line that it names."""
    lines = message.strip().splitlines()
    place = re.search(r"LINE (\d+):", message)
    line = int(place.group(1)) if place else None
    return DataError(
        "D009",
        f"The SQL script cannot be executed: {' '.join(lines)}",
        remedy=f"Correct the script; it can use {', '.join(tables)}.",
        line=line,
        database_message=message,
        parameter="sql_query_script",
    )


def _with_plain_numbers(frame: pl.DataFrame) -> pl.DataFrame:
    """Sums of whole numbers come as 128-bit numbers: 64 bits where they fit, else floating."""
    return frame.with_columns(_plain(column) for column in frame if _is_wide(column.dtype))


def _is_wide(dtype: pl.DataType) -> bool:
    is_whole_decimal = isinstance(dtype, pl.Decimal) and dtype.scale == 0
    return dtype == pl.Int128 or dtype == pl.UInt128 or is_whole_decimal


def _plain(column: pl.Series) -> pl.Series:
    whole = column.cast(pl.Int64, strict=False)
    return whole if whole.null_count() == column.null_count() else column.cast(pl.Float64)
