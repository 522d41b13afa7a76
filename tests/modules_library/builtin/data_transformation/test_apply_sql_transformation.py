import polars as pl
import pytest

from modules_library.builtin.data_transformation.apply_sql_transformation import (
    apply_sql_transformation,
    example,
)
from modules_library.sdk import ColumnRole, Roles, Table
from runtime.errors import DataError

ORDERS = pl.DataFrame({"id": [1, 2, 3], "who": ["a", "b", "a"], "price": [1.5, 2.0, None]})


def queried(script, *frames):
    tables = [Table(frame) for frame in frames or (ORDERS,)]
    return apply_sql_transformation(*tables, sql_query_script=script).results_dataset.frame


def refused(script, *frames):
    with pytest.raises(DataError) as caught:
        queried(script, *frames)
    assert caught.value.code == "D009" and caught.value.record.remedy
    return caught.value


def test_the_default_passes_the_table_through():
    assert apply_sql_transformation(Table(ORDERS)).results_dataset.frame.equals(ORDERS)


def test_groups_and_sums():
    frame = queried("select who, sum(id) as n, sum(price) as p from t1 group by who order by who")
    assert frame.rows() == [("a", 4, 1.5), ("b", 2, 2.0)]
    assert frame.schema == {"who": pl.String, "n": pl.Int64, "p": pl.Float64}


def test_a_sum_beyond_64_bits_becomes_real():
    frame = queried("select sum(x) s from t1", pl.DataFrame({"x": [2**62] * 4}))
    assert frame["s"].to_list() == [float(2**64)]


def test_three_tables_meet_with_every_join():
    names = pl.DataFrame({"who": ["a", "c"], "name": ["Ada", "Cleo"]})
    rates = pl.DataFrame({"factor": [10]})
    frame = queried(
        "select t1.id, t2.name, t1.id * t3.factor as big from t1 full join t2 using (who) "
        "cross join t3 order by t1.id nulls last",
        ORDERS,
        names,
        rates,
    )
    assert frame.rows() == [(1, "Ada", 10), (2, None, 20), (3, "Ada", 30), (None, "Cleo", None)]


def test_several_statements_end_with_the_result():
    assert queried("create table x as select 7 as n; select n + 1 as m from x;").rows() == [(8,)]


def test_equal_result_names_get_a_number():
    assert queried("select id, id from t1").columns == ["id", "id (1)"]


def test_roles_follow_the_name_of_the_column():
    one = Table(ORDERS, Roles({"who": ColumnRole(kind="label"), "id": ColumnRole(kind="ignored")}))
    two = Table(
        pl.DataFrame({"x": [1], "who": ["a"]}),
        Roles({"x": ColumnRole(categorical=True), "who": ColumnRole(kind="feature")}),
    )
    result = apply_sql_transformation(
        one, two, sql_query_script="select t1.who, x, price as id2 from t1, t2"
    ).results_dataset
    assert result.roles == Roles(
        {"who": ColumnRole(kind="label"), "x": ColumnRole(categorical=True)}
    )


def test_an_error_carries_the_databases_words_and_line():
    error = refused("select id,\n  pric from t1")
    assert "pric" in str(error) and "price" in str(error)
    assert error.record.details["line"] == 2


@pytest.mark.parametrize(
    "script",
    [
        "selec 1",
        "select * from t2",
        "create table x (n int); insert into x values ('y')",
        "",
        "create table x (n int)",
    ],
)
def test_what_cannot_be_executed_is_d009(script):
    refused(script)


@pytest.mark.parametrize(
    "script",
    [
        "select * from read_csv('{file}')",
        "select * from '{file}'",
        "copy t1 to '{file}.out'",
        "attach '{file}.db'",
        "install httpfs",
        "set enable_external_access = true",
        "select getenv('HOME')",
        "select * from ORDERS",
    ],
)
def test_a_query_reaches_nothing_outside(script, tmp_path):
    file = tmp_path / "secret.csv"
    file.write_text("a\n1\n")
    refused(script.format(file=file))
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]


def test_odd_column_names_can_be_quoted():
    frame = pl.DataFrame({'the "x"': [1], ":y": [2], "ü b": [3]})
    assert queried('select "the ""x""", ":y", "ü b" from t1', frame).row(0) == (1, 2, 3)


def test_a_result_without_rows_keeps_its_columns():
    assert queried("select id from t1 where id > 99").schema == {"id": pl.Int64}


def test_the_same_query_gives_the_same_order():
    frame = pl.DataFrame({"k": [n * 7919 % 1000 for n in range(50_000)], "v": [0.1] * 50_000})
    script = "select k, sum(v) s from t1 group by k"
    assert queried(script, frame).equals(queried(script, frame))


def test_the_example_runs():
    case = example()
    result = apply_sql_transformation(Table(case["inputs"]["t1"]), **case["parameters"])
    assert result.results_dataset.frame.rows() == [("Bern", 4.0), ("Rome", 2.0)]
