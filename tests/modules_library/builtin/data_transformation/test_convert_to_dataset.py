"""Convert to Dataset: files become tables, and what is missing is settled."""

from datetime import date

import polars as pl
import pytest

from modules_library.builtin.data_transformation.convert_to_dataset import convert_to_dataset
from modules_library.formats import write_table
from modules_library.registry import open_catalog
from modules_library.sdk import ColumnRole, File, Roles, StepContext, Table
from modules_library.sdk.example import Call
from modules_library.sdk.foresight.trial import foresee_and_run, foresee_call
from runtime.errors import DataError
from runtime.foresight import contradictions

FRAME = pl.DataFrame(
    {
        "n": [1, 10, None, 3],
        "x": [1.0, 0.5, None, 10.0],
        "t": ["?", "1", None, "a ?"],
        "b": [True, False, None, True],
        "d": [date(2024, 1, 1), date(2024, 1, 10), None, None],
    }
)
ROLES = Roles({"t": ColumnRole(kind="label")})


def converted(frame=FRAME, **parameters):
    return convert_to_dataset(Table(frame, ROLES), **parameters).results_dataset


def columns(table):
    return table.frame.to_dict(as_series=False)


@pytest.mark.parametrize("kind", ["CSV", "TSV", "Parquet", "Arrow", "JSON lines", "Excel"])
def test_a_file_of_every_format_becomes_the_table_it_holds(tmp_path, kind):
    suffixes = {"CSV": "csv", "TSV": "tsv", "Parquet": "parquet", "Arrow": "arrow"}
    suffix = suffixes.get(kind, "jsonl" if kind == "JSON lines" else "xlsx")
    frame = FRAME.select("n", "t")
    path = tmp_path / "b3 digest"  # stored files have no ending: the name says what they are
    write_table(frame, path, kind)
    table = convert_to_dataset(file=File(path, f"orders.{suffix}")).results_dataset
    assert table.frame.equals(frame)


def test_a_mark_for_missing_values_counts_before_types_are_found(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("n,t\n1,a\n?,?\n3,NA\n")
    how = {"action": "SetMissingValues", "custom_missing_value": "?"}
    table = convert_to_dataset(file=File(path), **how).results_dataset
    assert columns(table) == {"n": [1, None, 3], "t": ["a", None, None]}
    assert table.frame.schema["n"] == pl.Int64


def test_warnings_about_a_file_reach_the_step(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("n\n1\n2\nx\n")
    context = StepContext()
    convert_to_dataset(file=File(path), context=context)
    assert "D004" in context.warnings[0]


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("?", {"t": [None, "1", None, "a ?"]}),
        (
            "1",
            {"n": [None, 10, None, 3], "x": [None, 0.5, None, 10.0], "t": ["?", None, None, "a ?"]},
        ),
        ("true", {"b": [None, False, None, None]}),
        ("2024-01-01", {"d": [None, date(2024, 1, 10), None, None]}),
        ("nowhere", {}),
    ],
)
def test_a_value_that_means_missing_becomes_missing_in_columns_that_can_hold_it(text, changed):
    table = converted(action="SetMissingValues", custom_missing_value=text)
    assert columns(table) == FRAME.to_dict(as_series=False) | changed
    assert table.frame.schema == FRAME.schema and dict(table.roles) == dict(ROLES)


def test_missing_values_are_replaced_by_a_value_of_the_columns_type():
    table = converted(FRAME.select("n", "x", "t"), action="ReplaceValues", new_value="0")
    assert columns(table) == {
        "n": [1, 10, 0, 3],
        "x": [1.0, 0.5, 0.0, 10.0],
        "t": ["?", "1", "0", "a ?"],
    }


def test_a_value_is_replaced_as_a_whole():
    how = {"action": "ReplaceValues", "replace": "Custom", "custom_value": "10", "new_value": "7"}
    table = converted(**how)
    assert columns(table)["n"] == [1, 7, None, 3] and columns(table)["x"] == [1.0, 0.5, None, 7.0]
    assert columns(table)["t"] == columns(Table(FRAME))["t"]


def test_a_new_value_that_does_not_fit_where_it_is_needed_is_d008_with_column_and_row():
    how = {"action": "ReplaceValues", "replace": "Custom", "custom_value": "10", "new_value": "ten"}
    with pytest.raises(DataError, match=r"'ten' does not fit column 'n'.* in row 2") as caught:
        converted(**how)
    assert caught.value.code == "D008"
    assert converted(FRAME.select("t"), **how).frame.equals(FRAME.select("t"))


@pytest.mark.parametrize("both", [True, False])
def test_exactly_one_of_the_inputs_is_connected(tmp_path, both):
    inputs = (Table(FRAME), File(tmp_path / "x.csv")) if both else (None, None)
    with pytest.raises(DataError, match="either a table or a file") as caught:
        convert_to_dataset(*inputs)
    assert caught.value.code == "D008"


SPEC = open_catalog(None).default("data_transformation.convert_to_dataset")


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"action": "SetMissingValues"},
        {"action": "ReplaceValues", "new_value": "0.5"},
        {"action": "ReplaceValues", "replace": "Custom", "custom_value": "1", "new_value": "2"},
    ],
)
def test_what_becomes_of_a_table_is_known_before_a_run(tmp_path, parameters):
    call = Call({"dataset": Table(FRAME.select("n", "x", "t"), ROLES)}, parameters)
    said, given = foresee_and_run(SPEC, call, tmp_path)
    assert said.error is None
    schema = said.outputs["results_dataset"]
    assert schema.rows == 4 and contradictions(schema, given["results_dataset"]) == ()


def test_what_is_in_a_file_is_known_after_a_run(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a\n1\n")
    said = foresee_call(SPEC, Call({"file": File(path)}), tmp_path)
    assert said.outputs == {} and said.error is None and "when it has been read" in said.why
