"""The `@module` decorator: declares a function to be a module and changes nothing else of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from modules_library.sdk.parallel.settings import Parallel

F = TypeVar("F", bound=Callable[..., Any])

TABLES: tuple[str, ...] = ("polars", "pyarrow")
"""What a warm worker for table modules has imported before the step arrives."""

LEARNING: tuple[str, ...] = (
    "polars",
    "pyarrow",
    "numpy",
    "sklearn.linear_model",
    "sklearn.ensemble",
    "sklearn.cluster",
    "sklearn.preprocessing",
    "sklearn.metrics",
    "sklearn.model_selection",
    "lightgbm",
    "skops.io",
)
"""What a warm worker for learning modules has imported before the step arrives."""

ZERO_ROWS = "zero_rows"
"""Before a run the function is called with tables without rows, and what it returns tells the
columns. Modules with input tables do this when they say nothing."""

SAME_ROWS = "same_rows"
"""The same, and every output table has as many rows as the first input table."""

AFTER_RUN = "after_run"
"""Nothing is known of the outputs before a run, and the function is not called before one."""

SchemaRule = Callable[..., Any]
"""A function that tells the schemas of the outputs; it takes what the module takes."""


@dataclass(frozen=True, kw_only=True)
class ModuleMetadata:
    """What the decorator was given; found as `function.module_metadata`."""

    version: str
    title: str = ""
    icon: str = ""
    requires: tuple[str, ...] = ()
    resources: dict[str, float] | None = None
    isolated: bool | None = None
    preload: tuple[str, ...] | None = None
    reusable: bool = True
    tags: tuple[str, ...] = ()
    author: str = ""
    summary: str | None = None
    changelog: str = ""
    schema: str | SchemaRule = ""
    parallel: Parallel | None = None


def module(
    *,
    version: str,
    title: str = "",
    icon: str = "",
    requires: tuple[str, ...] | list[str] = (),
    resources: dict[str, float] | None = None,
    isolated: bool | None = None,
    preload: tuple[str, ...] | None = None,
    reusable: bool = True,
    tags: tuple[str, ...] | list[str] = (),
    author: str = "",
    summary: str | None = None,
    changelog: str = "",
    schema: str | SchemaRule = "",
    parallel: dict[str, Any] | None = None,
) -> Callable[[F], F]:
    """Declare a function to be a module; the function itself stays as it is.

    Every argument is a literal or one of the SDK's named constants, because the declaration is
    read from the source text and nothing is imported to read it.

    Args:
        version: Semantic version, `1.0.0`.
        title: What people read on the node; made from the function's name when absent.
        icon: Name of a Material icon.
        requires: Requirements beyond what the designer's environment has, `lightgbm>=4`.
        resources: What it asks of its target, `{"cpus": 4, "memory_gib": 16, "gpus": 1}`.
        isolated: One process per step; default for workspace modules, not for built-ins.
        preload: Import names that a warm worker has loaded before the step arrives.
        reusable: False when the result may change although code, parameters and inputs do not.
        tags: Words that the palette's search finds.
        author: Who wrote it.
        summary: One line for the palette; the docstring's first line when absent.
        changelog: What is new in this version, one line.
        schema: How the columns of the outputs are known before a run: `ZERO_ROWS`, `SAME_ROWS`,
            `AFTER_RUN`, or a function of this file (or one it imports) that tells them. It takes
            any of the module's arguments by name: tables come without rows, models as `ModelSchema`
            and so on, None for what is not known; the argument `known` receives all `TableSchema`s
            by port. It gives tables without rows, `Foreseen` tables or schemas by output port, and
            raises what the module would raise.
        parallel: The function is called for one mini-batch of an input after the other, in several
            processes: `{"input": "dataset", "rows": 1000}` for a table, `"files"` for a folder. What
            the calls return is put together in order.
    """
    metadata = ModuleMetadata(
        version=version,
        title=title,
        icon=icon,
        requires=tuple(requires),
        resources=resources,
        isolated=isolated,
        preload=preload,
        reusable=reusable,
        tags=tuple(tags),
        author=author,
        summary=summary,
        changelog=changelog,
        schema=schema,
        parallel=msgspec.convert(parallel, Parallel) if parallel is not None else None,
    )

    def declare(function: F) -> F:
        function.module_metadata = metadata  # type: ignore[attr-defined]
        return function

    return declare
