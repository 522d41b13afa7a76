"""A module says what it gives: by its own rule, or by being called with tables without rows."""

from textwrap import dedent

import msgspec
import pytest

from modules_library.sdk.conformance import check_module
from modules_library.sdk.foresight.answering import output_schemas
from modules_library.sdk.foresight.types import type_of, type_word
from modules_library.sdk.source import spec_from_source
from runtime.model import ColumnSchema, ModelSchema, SchemaRequest, TableSchema

HEADER = """\
from typing import Annotated, Any, NamedTuple
import polars as pl
from modules_library.sdk import *
from runtime.errors import DataError
"""


@pytest.fixture
def module(tmp_path):
    """Makes the spec of a module out of its text."""

    def make(text, *, origin="workspace"):
        path = tmp_path / "thing.py"
        path.write_text(HEADER + dedent(text))
        reading = spec_from_source(path, module_id="custom.thing", root=tmp_path, origin=origin)
        assert reading.spec, reading.diagnostics
        entry = msgspec.structs.replace(reading.spec.entry, source=str(path))
        return msgspec.structs.replace(reading.spec, entry=entry)

    return make


def columns(*items, **facts):
    """A table schema: `name`, `name:Type` or `name:Type|Other`."""
    found = []
    for item in items:
        name, _, types = item.partition(":")
        first, *others = (types or "Int64").split("|")
        first = "" if first == "?" else first
        found.append(ColumnSchema(name=name, type=first, other_types=tuple(others)))
    return TableSchema(columns=tuple(found), **facts)


def answer(spec, inputs=None, **parameters):
    """What a module says of its outputs."""
    values = {item.name: item.default for item in spec.parameters} | parameters
    given = {
        port: tuple(schema) if isinstance(schema, list) else (schema,)
        for port, schema in (inputs or {}).items()
    }
    request = SchemaRequest(
        entry=spec.entry,
        module=spec.id,
        digest=spec.digest,
        parameters=values,
        inputs=given,
        outputs=spec.outputs,
    )
    return output_schemas(msgspec.json.encode(request))


KEEP = '''
@module(version="1.0.0")
def keep(dataset: Table, *, columns: Columns = ALL_COLUMNS) -> Annotated[Table, Output("kept")]:
    """Keep columns."""
    return dataset.with_frame(dataset.frame.select(columns.resolve(dataset)))
'''


def test_a_module_is_called_with_a_table_without_rows(module):
    found = answer(module(KEEP), {"dataset": columns("a", "b:String", rows=9)}, columns=["b"])
    assert found.outputs == {"kept": columns("b:String")}
    assert found.error is None


def test_same_rows_says_that_the_number_of_rows_stays(module):
    spec = module(KEEP.replace('"1.0.0"', '"1.0.0", schema=SAME_ROWS'))
    found = answer(spec, {"dataset": columns("a", rows=9)})
    assert found.outputs["kept"].rows == 9


def test_an_error_of_the_data_is_said_before_the_run(module):
    found = answer(module(KEEP), {"dataset": columns("age")}, columns=["agee"])
    assert found.outputs == {}
    assert found.error.code == "D001" and "Did you mean 'age'" in found.error.message


def test_roles_go_where_the_columns_go(module):
    label = ColumnSchema(name="y", type="String", role="label", categorical=True)
    score = ColumnSchema(name="p", type="Float64", role="score", detail="yes")
    table = TableSchema(columns=(label, score))
    assert answer(module(KEEP), {"dataset": table}, columns=["y"]).outputs["kept"].columns == (
        label,
    )
    renaming = '''
    @module(version="1.0.0")
    def add(dataset: pl.DataFrame) -> Annotated[pl.DataFrame, Output("kept")]:
        """Add."""
        return dataset.with_columns(new=pl.lit(1, dtype=pl.Int8), cat=pl.lit("x").cast(pl.Categorical))
    '''
    kept = answer(module(renaming), {"dataset": table}).outputs["kept"]
    assert kept.columns[:2] == (label, score)
    assert kept.columns[2:] == (
        ColumnSchema(name="new", type="Int8"),
        ColumnSchema(name="cat", type="String", categorical=True),
    )


def test_what_depends_on_there_being_no_rows_is_no_error(module):
    for body in ("1 / dataset.height", "raise_rows()", "dataset.frame['a'].mean() + 1"):
        spec = module(f'''
        def raise_rows():
            raise DataError("D002", "No rows.")

        @module(version="1.0.0")
        def f(dataset: Table) -> Table:
            """F."""
            {body}
            return dataset
        ''')
        found = answer(spec, {"dataset": columns("a")})
        assert found.error is None and found.outputs == {}


@pytest.mark.parametrize("code", ["D003", "D008"])
def test_errors_about_values_count_only_where_a_rule_raises_them(module, code):
    text = f'''
    def rule(dataset: Table):
        raise DataError("{code}", "Not so.")

    @module(version="1.0.0")
    def f(dataset: Table) -> Table:
        """F."""
        raise DataError("{code}", "Not so.")
    '''
    table = {"dataset": columns("a")}
    assert answer(module(text), table).error is None
    with_rule = module(text.replace('version="1.0.0"', 'version="1.0.0", schema=rule'))
    assert answer(with_rule, table).error.code == code


RULES = '''
class Both(NamedTuple):
    table: Table
    fitted: Model


def rule(dataset, known, factor, model=None):
    if factor > 5:
        raise UnknownUntilRun("The factor is too large.")
    if known["dataset"].column("a") is None:
        raise DataError("D001", "No 'a'.", column="a", port="dataset")
    frame = dataset.frame.with_columns(b=pl.lit(0.5), c=pl.lit("x"), d=pl.lit(1))
    table = Foreseen(
        Table(frame, dataset.roles),
        rows=known["dataset"].rows,
        other_types={"b": ("Float64", "String"), "d": ()},
        uncertain=["c"],
        more=["e_"],
    )
    return {"table": table, "fitted": ModelSchema(task="regression")}


@module(version="1.0.0", schema=rule)
def f(dataset: Table, model: Model | None = None, *, factor: float = 1.0) -> Both:
    """F."""
    raise AssertionError("it has a rule")
'''


def test_a_rule_says_what_zero_rows_cannot(module):
    found = answer(module(RULES), {"dataset": columns("a", rows=4)})
    table = found.outputs["table"]
    assert table.rows == 4 and table.more == ("e_",)
    assert [(c.name, c.types, c.is_certain) for c in table.columns] == [
        ("a", ("Int64",), True),
        ("b", ("Float64", "String"), True),
        ("c", ("String",), False),
        ("d", (), True),
    ]
    assert found.outputs["fitted"] == ModelSchema(task="regression")


def test_a_rule_may_say_that_only_a_run_tells(module):
    found = answer(module(RULES), {"dataset": columns("a")}, factor=6.0)
    assert found == type(found)(why="The factor is too large.")


def test_a_rule_hears_of_models_what_is_known_of_them(module):
    spec = module('''
    def rule(model):
        name = model.label.name if model and model.label else "unknown"
        return Table(pl.DataFrame(schema={name: pl.Int8}))

    @module(version="1.0.0", schema=rule)
    def f(model: Model) -> Table:
        """F."""
        raise AssertionError
    ''')
    known = ModelSchema(label=ColumnSchema(name="y"))
    assert answer(spec, {"model": known}).outputs["result"].names == ("y",)
    assert answer(spec, {"model": None}).outputs["result"].names == ("unknown",)


def test_without_a_rule_a_module_that_takes_models_is_not_called(module):
    spec = module('''
    @module(version="1.0.0")
    def f(model: Model, dataset: Table) -> Table:
        """F."""
        return dataset
    ''')
    assert answer(spec, {"model": None, "dataset": columns("a")}).outputs == {}


ANY = columns(more=("",))


def test_of_a_table_nobody_knows_the_columns_that_are_chosen_are_known_behind_it(module):
    kept = answer(module(KEEP), {"dataset": ANY}, columns=["a"]).outputs["kept"]
    assert kept == columns("a:?")
    assert answer(module(KEEP), {"dataset": ANY}).outputs["kept"] == ANY


def test_columns_that_may_come_stay_possible_by_the_beginning_of_their_names(module):
    scored = columns("a", more=("p_",))
    by_name = answer(module(KEEP), {"dataset": scored}, columns=["p_x", "a"])
    assert by_name.outputs["kept"].names == ("p_x", "a") and by_name.error is None
    missing = answer(module(KEEP), {"dataset": scored}, columns=["q"])
    assert missing.error.code == "D001"
    assert answer(module(KEEP), {"dataset": scored}).outputs["kept"] == scored


NUMBERS = '''
@module(version="1.0.0")
def f(dataset: Table, *, column: Column) -> Table:
    """F."""
    require_numeric(dataset, column)
    return Table(dataset.frame.with_columns(pl.col(column).cast(pl.Float32)))
'''


@pytest.mark.parametrize(
    ("type_", "code"),
    [
        ("Float64", None),
        ("String", "D004"),
        ("Int64|String", None),
        ("String|Date", "D004"),
        ("?", None),
    ],
)
def test_a_type_that_is_not_certain_is_an_error_only_where_every_type_is_one(module, type_, code):
    found = answer(module(NUMBERS), {"dataset": columns(f"a:{type_}", "b")}, column="a")
    assert (found.error.code if found.error else None) == code
    if code is None:
        assert found.outputs["result"].column("a").types == ("Float32",)


def test_a_column_that_may_be_missing_may_be_missing_behind_too(module):
    maybe = ColumnSchema(name="m", type="Int64", is_certain=False)
    table = TableSchema(columns=(ColumnSchema(name="a", type="Int64"), maybe))
    kept = answer(module(KEEP), {"dataset": table}).outputs["kept"]
    assert kept == table
    chosen = answer(module(KEEP), {"dataset": table}, columns=["m"])
    assert chosen.error is None and chosen.outputs["kept"].names == ("m",)


def test_types_that_are_not_certain_stay_so_and_the_rest_is_certain(module):
    kept = answer(module(KEEP), {"dataset": columns("a:Int64|Float64", "b:?", "c")}).outputs["kept"]
    assert [column.types for column in kept.columns] == [("Int64", "Float64"), (), ("Int64",)]


def test_a_table_can_come_as_any_class_and_pandas_may_lose_whole_numbers(module):
    for annotation, expected in (
        ("pl.LazyFrame", ("Int64",)),
        ("pa.Table", ("Int64",)),
        ("pd.DataFrame", ("Int64", "Float64")),
    ):
        spec = module(f'''
        import pandas as pd
        import pyarrow as pa

        @module(version="1.0.0")
        def f(dataset: {annotation}) -> {annotation}:
            """F."""
            return dataset
        ''')
        table = columns("a", "s:String", "t:Datetime(time_unit='us', time_zone='UTC')")
        result = answer(spec, {"dataset": table}).outputs["result"]
        assert [column.types for column in result.columns] == [
            expected,
            ("String",),
            ("Datetime(time_unit='us', time_zone='UTC')",),
        ]


def test_many_tables_come_as_a_list_and_a_missing_optional_one_as_none(module):
    spec = module('''
    @module(version="1.0.0")
    def f(tables: list[Table], extra: Table | None = None) -> Table:
        """F."""
        assert extra is None
        return Table(pl.concat([t.frame for t in tables], how="horizontal"))
    ''')
    found = answer(spec, {"tables": [columns("a"), columns("b:String")]})
    assert found.outputs["result"] == columns("a", "b:String")


def test_a_learner_is_known_whole(module):
    spec = module('''
    @module(version="1.0.0")
    def f(*, trees: int = 3) -> UntrainedModel:
        """F."""
        return UntrainedModel("forest", "binary", {"trees": trees}, "Forest")
    ''')
    learner = answer(spec, trees=8).outputs["result"]
    assert (learner.task, learner.parameters) == ("binary", {"trees": 8})


CAN_BE_ASKED = {
    "takes a table": ("dataset: Table", "Table", "", True),
    "makes a learner": ("", "UntrainedModel", "", True),
    "makes a table of nothing": ("", "Table", "", False),
    "makes a table of nothing, and says so": ("", "Table", "schema=ZERO_ROWS", True),
    "asks for a run": ("dataset: Table", "Table", "schema=AFTER_RUN", False),
    "has a rule": ("", "Table", "schema=rule", True),
    "imports a rule": ("", "Table", "schema=require_rows", True),
}


@pytest.mark.parametrize("case", CAN_BE_ASKED)
def test_who_can_be_asked_is_read_from_the_source(module, case):
    inputs, output, how, expected = CAN_BE_ASKED[case]
    spec = module(f'''
    def rule():
        return None

    @module(version="1.0.0"{", " + how if how else ""})
    def f({inputs}) -> {output}:
        """F."""
    ''')
    assert bool(spec.entry.schema) is expected


@pytest.mark.parametrize("language", ["python", "sql"])
def test_a_module_that_executes_code_of_the_graph_cannot_be_asked(module, language):
    spec = module(f'''
    @module(version="1.0.0")
    def f(dataset: Table, *, script: Annotated[Code, Language("{language}")] = "") -> Table:
        """F."""
        return dataset
    ''')
    assert not spec.entry.schema


def test_a_schema_that_is_none_of_these_is_a_problem_with_its_line(tmp_path):
    path = tmp_path / "thing.py"
    for wrong in ("'zero'", "SAME_ROW", "lambda: 1", "3"):
        path.write_text(
            HEADER
            + f'@module(version="1.0.0", schema={wrong})\ndef f(t: Table) -> Table:\n    """F."""\n'
        )
        (problem,) = spec_from_source(path, module_id="custom.thing", root=tmp_path).diagnostics
        assert "'schema' cannot be" in problem.message and "line 5" in problem.message


def test_publishing_checks_that_what_is_said_is_what_is_given(module):
    spec = module('''
    @module(version="1.0.0")
    def f(dataset: Table) -> Annotated[Table, Output("result")]:
        """Turn rows into columns.

        Args:
            dataset: The rows.

        Returns:
            result: The columns.
        """
        return Table(dataset.frame.transpose())

    def example():
        return {"inputs": {"dataset": pl.DataFrame({"a": [1, 2]})}}
    ''')
    from pathlib import Path

    found = [f for f in check_module(spec, Path(spec.entry.source)) if f.rule == "schema"]
    assert len(found) == 2 and "'column_0' was not foreseen" in found[0].message


WORDS = (
    *("Int8", "UInt64", "Float32", "Boolean", "String", "Binary", "Date", "Time", "Null"),
    "Datetime(time_unit='us', time_zone='Europe/Zurich')",
    "Datetime(time_unit='ns', time_zone=None)",
    "Duration(time_unit='ms')",
    "Decimal(precision=38, scale=2)",
    "List(List(Int64))",
    "Array(Float64, shape=(3,))",
    "Struct({'a': Int64, 'b c': List(String)})",
)


@pytest.mark.parametrize("word", WORDS)
def test_a_type_comes_back_from_its_word(word):
    assert type_word(type_of(word)) == word


@pytest.mark.parametrize(
    "word", ["", "Object", "Int65", "Int64; x", "__import__('os')", "open('/x')"]
)
def test_a_word_that_names_no_type_is_refused(word):
    with pytest.raises(ValueError):
        type_of(word)
