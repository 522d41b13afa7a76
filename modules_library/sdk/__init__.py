"""The SDK: what a module's author imports.

A module is an ordinary typed Python function with the `@module` decorator: positional arguments are
input ports, keyword-only arguments are parameters, the return annotation gives the output ports.
"""

from modules_library.sdk.annotations import (
    Code,
    Column,
    Description,
    FilePath,
    FromPort,
    Language,
    Output,
    Pattern,
    Range,
    Required,
    Secret,
    Seed,
    ShownWhen,
    Summary,
    Text,
    Title,
    Unit,
)
from modules_library.sdk.artifacts import (
    AnyArtifact,
    File,
    Folder,
    ImageFolder,
    Model,
    Report,
    Transform,
    UntrainedModel,
    Value,
)
from modules_library.sdk.checks import require_column, require_numeric, require_rows
from modules_library.sdk.column_selection import (
    ALL_COLUMNS,
    NO_COLUMNS,
    NUMERIC_COLUMNS,
    ColumnRule,
    Columns,
    ColumnSelection,
)
from modules_library.sdk.context import StepContext
from modules_library.sdk.decorator import (
    AFTER_RUN,
    LEARNING,
    SAME_ROWS,
    TABLES,
    ZERO_ROWS,
    module,
)
from modules_library.sdk.foresight.foreseen import Foreseen, UnknownUntilRun
from modules_library.sdk.table import ColumnRole, Roles, Table
from runtime.model import ColumnSchema, ModelSchema, TableSchema, TransformSchema

__all__ = [
    "AFTER_RUN",
    "ALL_COLUMNS",
    "LEARNING",
    "NO_COLUMNS",
    "NUMERIC_COLUMNS",
    "SAME_ROWS",
    "TABLES",
    "ZERO_ROWS",
    "AnyArtifact",
    "Code",
    "Column",
    "ColumnRole",
    "ColumnRule",
    "ColumnSchema",
    "ColumnSelection",
    "Columns",
    "Description",
    "File",
    "FilePath",
    "Folder",
    "Foreseen",
    "FromPort",
    "ImageFolder",
    "Language",
    "Model",
    "ModelSchema",
    "Output",
    "Pattern",
    "Range",
    "Report",
    "Required",
    "Roles",
    "Secret",
    "Seed",
    "ShownWhen",
    "StepContext",
    "Summary",
    "Table",
    "TableSchema",
    "Text",
    "Title",
    "Transform",
    "TransformSchema",
    "Unit",
    "UnknownUntilRun",
    "UntrainedModel",
    "Value",
    "module",
    "require_column",
    "require_numeric",
    "require_rows",
]
