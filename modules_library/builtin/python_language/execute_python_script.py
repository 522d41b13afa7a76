"""Execute Python Script."""

import contextlib
import inspect
import linecache
import stat
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, NamedTuple

import msgspec
import pandas as pd

from modules_library.sdk import AFTER_RUN, Code, File, Language, StepContext, Title, module
from runtime.errors import DataError, ModuleError

SCRIPT = "script.py"
BUNDLE = "Script Bundle"
MAXIMUM_BUNDLE_BYTES = 1 << 30


class ExecutePythonScript(NamedTuple):
    """What the script gives.

    Attributes:
        result_dataset: The first table that `azureml_main` returns.
        result_dataset2: The second one; without columns when there is none.
    """

    result_dataset: pd.DataFrame
    result_dataset2: pd.DataFrame


@module(
    version="1.0.0",
    title="Execute Python Script",
    icon="code",
    isolated=True,
    schema=AFTER_RUN,
    tags=("script", "pandas", "code", "custom", "azureml_main"),
)
def execute_python_script(
    dataset1: pd.DataFrame | None = None,
    dataset2: pd.DataFrame | None = None,
    script_bundle: File | None = None,
    *,
    python_script: Annotated[
        Code, Language("python"), Title("Python script")
    ] = '''import pandas as pd


def azureml_main(dataframe1=None, dataframe2=None):
    """Take up to two tables, give one or two."""
    print(f"{len(dataframe1)} rows arrived.")
    return dataframe1
''',
    context: StepContext | None = None,
) -> ExecutePythonScript:
    """Run a function of your own on up to two tables.

    The script defines `azureml_main(dataframe1=None, dataframe2=None)`, which receives pandas
    frames, None where nothing is wired, and returns a DataFrame or a sequence of one or two. The
    index of a returned frame is dropped: use `reset_index()` to keep it. What the script prints is in
    the step's log.

    A script bundle is a zip of Python files and data. It is unpacked to the folder `Script Bundle`
    beside the running script and put on the import path, so `import mymodule` finds its files and
    `open("Script Bundle/data.txt")` its data.

    The script runs in a process of its own, with the packages of the designer's environment. Columns
    that keep their names keep their roles.

    Args:
        dataset1: Becomes `dataframe1`.
        dataset2: Becomes `dataframe2`.
        script_bundle: A zip of modules and files.
        python_script: The script.
        context: The step: its own folder.

    Returns:
        The returned tables.

    Raises:
        ModuleError: M007 when the script has a syntax error or no `azureml_main`, M009 when it
            returns something else than tables.
        DataError: D003 when the bundle is no zip, D008 when it is too large or would write outside
            its folder.
    """
    __tracebackhide__ = True
    with _working_folder(context) as folder:
        if script_bundle is not None:
            unpack_bundle(script_bundle.path, folder / BUNDLE)
            sys.path.insert(0, str(folder / BUNDLE))
        main = _main_of(python_script)
        returned = main(*[dataset1, dataset2][: _places(main)])
    return _results(returned)


def example() -> dict[str, Any]:
    """A small run of this module."""
    script = """
def azureml_main(dataframe1=None, dataframe2=None):
    dataframe1["total"] = dataframe1["price"] * dataframe1["count"]
    return dataframe1
"""
    frame = pd.DataFrame({"price": [1.5, 2.0], "count": [2, 3]})
    return {"inputs": {"dataset1": frame}, "parameters": {"python_script": script}}


@contextlib.contextmanager
def _working_folder(context: StepContext | None) -> Iterator[Path]:
    """A folder of the step, which is the working folder and on nobody's path afterwards."""
    parent = context.folder if context and context.folder != Path() else None
    known = list(sys.path)
    with tempfile.TemporaryDirectory(dir=parent) as name, contextlib.chdir(name):
        try:
            yield Path(name)
        finally:
            sys.path[:] = known


def _main_of(script: str) -> Callable[..., Any]:
    """The function that the script defines."""
    __tracebackhide__ = True
    linecache.cache[SCRIPT] = (len(script), None, script.splitlines(keepends=True), SCRIPT)
    try:
        code = compile(script, SCRIPT, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as exc:
        raise _syntax_error(exc) from exc
    namespace: dict[str, Any] = {"__name__": "script", "__file__": SCRIPT}
    exec(code, namespace)
    main = namespace.get("azureml_main")
    if not callable(main):
        raise ModuleError(
            "M007",
            "The script defines no function 'azureml_main'.",
            remedy="Begin with: def azureml_main(dataframe1=None, dataframe2=None):",
        )
    found: Callable[..., Any] = main
    return found


def _syntax_error(exc: SyntaxError | ValueError) -> ModuleError:
    line = getattr(exc, "lineno", None)
    where = f" in line {line}" if line else ""
    error = ModuleError(
        "M007",
        f"The script has a syntax error{where}: {getattr(exc, 'msg', exc)}.",
        remedy="Correct the line.",
        line=line,
    )
    frame = {
        "file": SCRIPT,
        "line": line or 0,
        "function": "",
        "text": getattr(exc, "text", "") or "",
    }
    error.record = msgspec.structs.replace(error.record, frames=(frame,))
    return error


def _places(main: Callable[..., Any]) -> int:
    """How many tables the function takes, at most two."""
    parameters = inspect.signature(main).parameters.values()
    if any(one.kind is one.VAR_POSITIONAL for one in parameters):
        return 2
    return sum(one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD) for one in parameters)


def _results(returned: Any) -> ExecutePythonScript:
    __tracebackhide__ = True
    tables = [returned] if isinstance(returned, pd.DataFrame) else returned
    if not isinstance(tables, Sequence) or not 1 <= len(tables) <= 2:
        raise _wrong_result(_called(returned))
    for table in tables:
        if not isinstance(table, pd.DataFrame):
            raise _wrong_result(f"a sequence with {_called(table)}")
    return ExecutePythonScript(tables[0], tables[1] if len(tables) == 2 else pd.DataFrame())


def _called(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return f"a sequence of {len(value)}"
    return "nothing" if value is None else f"a value of type {type(value).__name__}"


def _wrong_result(what: str) -> ModuleError:
    return ModuleError(
        "M009",
        f"'azureml_main' returned {what}.",
        remedy="Return a pandas DataFrame, or a sequence of one or two.",
    )


def unpack_bundle(archive: Path, folder: Path) -> None:
    """Unpack a zip into a folder, and nothing outside it.

    Raises:
        DataError: D003 when it is no zip, D008 for a link, a path that leaves the folder or more
            than 1 GiB.
    """
    try:
        with zipfile.ZipFile(archive) as bundle:
            entries = bundle.infolist()
            for entry in entries:
                _require_harmless(entry)
            if sum(entry.file_size for entry in entries) > MAXIMUM_BUNDLE_BYTES:
                raise _refused("unpacks to more than 1 GiB")
            folder.mkdir(parents=True, exist_ok=True)
            bundle.extractall(folder)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as exc:
        raise DataError(
            "D003",
            f"The script bundle is not a readable zip: {exc}.",
            remedy="Wire a file that holds an unencrypted zip archive.",
        ) from exc


def _require_harmless(entry: zipfile.ZipInfo) -> None:
    name = entry.filename.replace("\\", "/")
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0:1] or "\0" in name:
        raise _refused(f"holds {entry.filename!r}, which leads out of its folder")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise _refused(f"holds the link {entry.filename!r}")


def _refused(what: str) -> DataError:
    return DataError(
        "D008", f"The script bundle {what}.", remedy="Make a zip of plain files and folders."
    )
