"""Small module sources for the registry's tests."""

from modules_library.sdk.example import run_example


def source(name="double", *, version="1.0.0", body="return dataset", extra=""):
    return f'''from modules_library.sdk import *
import polars as pl

@module(version="{version}")
def {name}(dataset: Table, *, factor: float = 2.0) -> Table:
    """Multiply every number."""
    {body}

{extra}
'''


def write(workspace, name="double", **options):
    path = workspace / "modules" / f"{name}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source(name.rpartition("/")[2], **options))
    return path


def no_example(spec):
    """For tests that are not about examples."""


real_example = run_example
