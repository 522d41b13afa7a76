"""A module's spec is read from its source by syntax alone."""

from pathlib import Path
from textwrap import dedent

import pytest

from modules_library.sdk.source import read_declaration, source_digest, spec_from_source

HEADER = """\
from typing import Annotated, Literal, NamedTuple
import polars as pl
from modules_library.sdk import *
"""


@pytest.fixture
def read(tmp_path):
    def read_source(text, name="thing", **options):
        path = tmp_path / f"{name}.py"
        path.write_text(HEADER + dedent(text))
        return spec_from_source(path, module_id=f"custom.{name}", root=tmp_path, **options)

    return read_source


def test_ports_parameters_and_words_come_from_the_signature(read):
    spec = read(
        '''
        class Parts(NamedTuple):
            """Both.

            Attributes:
                first: The upper rows.
            """

            first: Table
            rest: Annotated[Table, Title("Remaining rows")]

        Mode = Literal["Top", "Random"]

        @module(version="2", title="Cut", tags=["rows"], resources={"gpus": 1})
        def thing(
            dataset: Table,
            more: list[pl.DataFrame],
            model: Model | None = None,
            *,
            mode: Mode = "Top",
            share: Annotated[float, Range(0, 1), Unit("%"), Summary()] = -0.0,
            names: list[str] = [],
            label: Column | None = None,
            others: Annotated[Columns, FromPort("dataset"), ShownWhen("mode", "Top")] = ALL_COLUMNS,
            code: Annotated[Code, Language("sql"), Required()] = "",
            seed: Seed = 0,
            context: StepContext,
        ) -> Parts:
            """Cut a table in two.

            Args:
                dataset: What is cut.
                share: How much goes
                    to the first part.
            """
        ''',
        origin="workspace",
    ).spec
    assert (spec.version, spec.title, spec.summary) == ("2.0.0", "Cut", "Cut a table in two.")
    assert (spec.tags, spec.resources) == (("rows",), {"gpus": 1})
    assert [(p.name, p.type, p.optional, p.many) for p in spec.inputs] == [
        ("dataset", "Table", False, False),
        ("more", "Table", False, True),
        ("model", "Model", True, False),
    ]
    assert [(p.name, p.title, p.description) for p in spec.outputs] == [
        ("first", "First", "The upper rows."),
        ("rest", "Remaining rows", ""),
    ]
    assert [(p.name, p.kind, p.default, p.nullable) for p in spec.parameters] == [
        ("mode", "enum", "Top", False),
        ("share", "float", 0.0, False),
        ("names", "list", [], False),
        ("label", "column", None, True),
        ("others", "columns", {"start": "all", "rules": []}, False),
        ("code", "code", "", False),
        ("seed", "seed", 0, True),
    ]
    share, others = spec.parameter("share"), spec.parameter("others")
    assert (share.minimum, share.maximum, share.unit, share.summary) == (0, 1, "%", True)
    assert share.description == "How much goes to the first part."
    assert (others.port, others.visible_when[0].values) == ("dataset", ("Top",))
    assert spec.parameter("code").required
    assert spec.parameter("code").language == "sql"


FAULTS = {
    "syntax": ("def thing(:", 4, "not valid Python"),
    "no version": ("@module\ndef thing() -> Table: ...", 4, "@module needs a version"),
    "version": ('@module(version="one")\ndef thing() -> Table: ...', 4, "semantic version"),
    "misspelt argument": (
        '@module(versoin="1.0.0")\ndef thing() -> Table: ...',
        4,
        "'versoin'. Did you mean 'version'?",
    ),
    "misspelt metadata": (
        '@module(version="1.0.0")\n'
        "def thing(\n    *, share: Annotated[float, Rnage(0, 1)] = 0.5\n) -> Table: ...",
        6,
        "'Rnage' is not metadata of the SDK. Did you mean 'Range'",
    ),
    "misspelt type": (
        '@module(version="1.0.0")\ndef thing(dataset: Tabel) -> Table: ...',
        5,
        "'dataset' has the type 'Tabel', which no port carries. Did you mean 'Table'?",
    ),
    "missing annotation": (
        '@module(version="1.0.0")\ndef thing(dataset) -> Table: ...',
        5,
        "'dataset' has no annotation",
    ),
    "no return": ('@module(version="1.0.0")\ndef thing(): ...', 5, "does not say what it returns"),
    "computed default": (
        '@module(version="1.0.0")\ndef thing(*, path: str = open("x").read()) -> Table: ...',
        5,
        "is not a literal value",
    ),
    "default out of range": (
        '@module(version="1.0.0")\n'
        "def thing(*, n: Annotated[int, Range(1, None)] = 0) -> Table: ...",
        5,
        "the default 0 of 'n' is below 1",
    ),
    "default without null": (
        '@module(version="1.0.0")\ndef thing(*, n: int = None) -> Table: ...',
        5,
        "write '| None'",
    ),
    "unknown condition": (
        '@module(version="1.0.0")\n'
        'def thing(*, mode: bool = True, n: Annotated[int, ShownWhen("mod", 1)] = 0)'
        " -> Table: ...",
        5,
        "'mod', which does not exist. Did you mean 'mode'?",
    ),
    "star arguments": (
        '@module(version="1.0.0")\ndef thing(*tables: Table) -> Table: ...',
        5,
        "'*tables' has no fixed ports",
    ),
    "async": ('@module(version="1.0.0")\nasync def thing() -> Table: ...', 5, "asynchronous"),
    "optional output": (
        '@module(version="1.0.0")\ndef thing() -> Table | None: ...',
        5,
        "exactly one value",
    ),
    "two modules": (
        '@module(version="1.0.0")\ndef thing() -> Table: ...\n'
        '@module(version="1.0.0")\ndef other() -> Table: ...',
        7,
        "'other' is a second module",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_source_names_file_line_and_culprit(read, fault):
    text, line, words = FAULTS[fault]
    reading = read(text)
    assert reading.spec is None
    [problem] = reading.diagnostics
    assert problem.code == "M007"
    assert problem.where == f"thing.py:{line}"
    assert f"thing.py, line {line}: " in problem.message
    assert words in f"{problem.message} {problem.remedy}"


def test_all_problems_of_a_source_are_told_at_once(read):
    reading = read(
        """
        @module(version="1.0.0", titel="x")
        def thing(dataset: Tabel, *, n: int = "a") -> Nothing: ...
        """
    )
    assert len(reading.diagnostics) == 4


def test_a_file_without_a_module_is_a_file_of_helpers(read):
    reading = read("def helper(): ...")
    assert (reading.spec, reading.diagnostics) == (None, ())


DEEP_UNION = (
    HEADER
    + "@module(version='1.0.0')\ndef thing(a: "
    + " | ".join(["Table"] * 3000)
    + ") -> Table: ..."
)


@pytest.mark.parametrize(
    "text", ["(" * 5000, "x = " + "[" * 300 + "]" * 300, "\x00", "-" * 20000, DEEP_UNION]
)
def test_hostile_sources_end_in_a_diagnostic_or_nothing(text):
    reading = read_declaration(text)
    assert reading.declaration is None


def test_reading_never_runs_module_code(tmp_path):
    canary = tmp_path / "canary"
    touch = f"__import__('pathlib').Path({str(canary)!r}).touch()"
    path = tmp_path / "thing.py"
    path.write_text(
        HEADER
        + dedent(
            f"""
            {touch}

            class Body(NamedTuple):
                {touch}
                result: Table

            def deco(f):
                {touch}
                return f

            @deco
            @module(version="1.0.0")
            def thing(dataset: Table, *, text: str = "a") -> Body:
                return Body(dataset)

            def unused(x={touch}): ...
            """
        )
    )
    reading = spec_from_source(path, module_id="custom.thing", root=tmp_path)
    assert reading.spec is not None
    path.write_text(path.read_text().replace('text: str = "a"', f"text: str = {touch}"))
    reading = spec_from_source(path, module_id="custom.thing", root=tmp_path)
    assert reading.spec is None
    assert not canary.exists()
    exec(compile(path.read_text(), str(path), "exec"), {"__name__": "x"})
    assert canary.exists(), "the canary sings when the file is run"


class Project:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode())
        return path

    def digest(self):
        return source_digest(self.folder / "main.py", root=self.folder)


def test_the_digest_covers_what_the_source_imports_transitively(tmp_path):
    project = Project(tmp_path)
    project.write("main.py", "from first import f\nimport polars\n")
    project.write("first.py", "def f():\n    from pack.second import g\n    return g\n")
    project.write("pack/__init__.py", "")
    project.write("pack/second.py", "from . import third\n")
    project.write("pack/third.py", "a = 1\n")
    project.write("unrelated.py", "a = 1\n")
    before = project.digest()
    project.write("unrelated.py", "a = 2\n")
    assert project.digest() == before
    project.write("pack/third.py", "a = 2\n")
    assert project.digest() != before


def test_line_ends_and_byte_order_marks_do_not_change_the_digest(tmp_path):
    project = Project(tmp_path)
    project.write("main.py", "a = 1\nb = 2\n")
    before = project.digest()
    project.write("main.py", "\ufeffa = 1\r\nb = 2")
    assert project.digest() == before
    project.write("main.py", "a = 1\nb = 3\n")
    assert project.digest() != before


def test_imports_in_a_circle_end(tmp_path):
    project = Project(tmp_path)
    project.write("main.py", "import other\n")
    project.write("other.py", "import main\nimport other\n")
    assert project.digest()
