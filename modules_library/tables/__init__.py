"""What several table modules share: names, random rows, folds, the expression of Split Data."""

from modules_library.tables.conversion import convert_column, first_row
from modules_library.tables.folds import FOLD_COLUMN, fold_of_rows, with_folds, without_folds
from modules_library.tables.naming import unique_name, unique_names
from modules_library.tables.relative_expression import parse_relative_expression
from modules_library.tables.sampling import (
    assign_folds,
    draw_rows,
    draw_rows_by_stratum,
    first_rows_by_stratum,
    rounded,
    shares,
    shuffled_rows,
)
from modules_library.tables.stacking import require_same_columns, stacked
from modules_library.tables.values import as_value

__all__ = [
    "FOLD_COLUMN",
    "as_value",
    "assign_folds",
    "convert_column",
    "draw_rows",
    "draw_rows_by_stratum",
    "first_row",
    "first_rows_by_stratum",
    "fold_of_rows",
    "parse_relative_expression",
    "require_same_columns",
    "rounded",
    "shares",
    "shuffled_rows",
    "stacked",
    "unique_name",
    "unique_names",
    "with_folds",
    "without_folds",
]
