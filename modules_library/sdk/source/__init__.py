"""Reading modules from their source text, by syntax alone: nothing is imported or run."""

from modules_library.sdk.source.declaration import Declaration, Port, Reading, read_declaration
from modules_library.sdk.source.digest import project_files, source_digest
from modules_library.sdk.source.problem import SourceProblem
from modules_library.sdk.source.spec import EXECUTOR, SpecReading, spec_from_source

__all__ = [
    "EXECUTOR",
    "Declaration",
    "Port",
    "Reading",
    "SourceProblem",
    "SpecReading",
    "project_files",
    "read_declaration",
    "source_digest",
    "spec_from_source",
]
