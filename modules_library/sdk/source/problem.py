"""What is wrong with a module's source, and at which line."""

from __future__ import annotations

import ast

from runtime.model import Diagnostic


class SourceProblem(Exception):  # noqa: N818 - it becomes a diagnostic and never reaches a person
    """One fault of a declaration, found while reading."""

    def __init__(self, line: int | ast.AST, message: str, *, remedy: str = "") -> None:
        self.line = line if isinstance(line, int) else getattr(line, "lineno", 1)
        self.message = message
        self.remedy = remedy
        super().__init__(message)

    def diagnostic(self, file: str) -> Diagnostic:
        """The problem as a value; `where` is `file:line`."""
        return Diagnostic(
            code="M007",
            message=f"{file}, line {self.line}: {self.message}",
            remedy=self.remedy or "Correct the line and save the file.",
            where=f"{file}:{self.line}",
        )
