"""What built-in modules say before a run is what they give, and what they refuse they refuse then."""

import itertools
import tempfile
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from modules_library.formats import heads
from modules_library.learning.clustering import train_clusters
from modules_library.learning.training import train
from modules_library.registry import open_catalog
from modules_library.sdk import (
    ColumnRole,
    Roles,
    StepContext,
    Table,
    Transform,
    UntrainedModel,
)
from modules_library.sdk.example import Call, run_call
from modules_library.sdk.foresight.trial import foresee_and_run, foresee_call
from modules_library.transforms.cleaning import CleaningRules
from modules_library.transforms.cleaning import fit as fit_cleaning
from modules_library.transforms.normalizing import fit as fit_normalizing
from runtime.errors import DesignerError
from runtime.foresight import contradictions
from runtime.foresight.places import place_of
from runtime.validation.view import SpecTable

CATALOG = open_catalog(None)

PEOPLE = pl.DataFrame(
    {
        "age": [31, None, 45, 52, 38, 29],
        "height": [1.8, 1.7, None, 1.65, 1.75, 1.9],
        "city": ["Bern", "Rome", None, "Oslo", "Bern", "Rome"],
        "member": [True, False, None, True, False, True],
        "born": [date(1990, 1, 1)] * 6,
        "seen": [datetime(2020, 1, 1)] * 6,
    }
)
WHOLE = pl.DataFrame({"a": [1, 2, 3, 4, 5, 6], "b": [0.5, 1.5, 2.5, 3.5, 4.5, 5.5]})
LABELLED = Table(
    WHOLE.with_columns(kind=pl.Series(["x", "y", "x", "y", "x", "y"])),
    Roles({"kind": ColumnRole(kind="label", categorical=True)}),
)
FOREST = {
    "resampling_method": "Bagging",
    "number_of_trees": 2,
    "max_depth": 3,
    "min_samples_per_leaf": 1,
    "seed": 0,
}
BINARY = UntrainedModel("two_class_decision_forest", "binary", FOREST, "Two-Class Decision Forest")
MANY = UntrainedModel(
    "multiclass_logistic_regression",
    "multiclass",
    {"l1_weight": 1.0, "l2_weight": 1.0, "optimization_tolerance": 1e-7, "memory_size": 20},
    "Multiclass Logistic Regression",
)
LINE = UntrainedModel(
    "linear_regression",
    "regression",
    {"solution_method": "Ordinary Least Squares", "l2_weight": 0.1, "include_intercept": True},
    "Linear Regression",
)


def clusters(mode="Ignore label column"):
    parameters = {
        "number_of_centroids": 2,
        "initialization": "First N",
        "iterations": 5,
        "label_mode": mode,
        "normalize_features": True,
        "seed": 0,
    }
    return UntrainedModel("k_means_clustering", "clustering", parameters, "K-Means Clustering")


def spec_of(module_id):
    return CATALOG.default(module_id)


def dataset(frame, **parameters):
    return {"dataset": frame}, parameters


def clean(mode, frame=PEOPLE, columns=("age", "height", "member"), **more):
    parameters = {"cleaning_mode": mode, "columns": list(columns), **more}
    return "data_transformation.clean_missing_data", *dataset(frame, **parameters)


EDIT, JOIN = "data_transformation.edit_metadata", "data_transformation.join_data"
SPLIT = "data_transformation.split_data"
PARTITION = "data_transformation.partition_and_sample"
SQL = "data_transformation.apply_sql_transformation"
TRAIN, SCORE = "model_training.train_model", "model_scoring_evaluation.score_model"
GROUP = "model_training.train_clustering_model"
ASSIGN = "model_scoring_evaluation.assign_data_to_clusters"
CROSS = "model_training.cross_validate_model"
APPLY = "model_scoring_evaluation.apply_transformation"

CLEANING = [
    clean(mode, frame, generate_missing_value_indicator_column=indicators, **more)
    for mode, frame, indicators, more in itertools.product(
        (
            "Custom substitution value",
            "Replace with mean",
            "Replace with median",
            "Replace with mode",
            "Remove entire row",
            "Remove entire column",
        ),
        (PEOPLE, PEOPLE.drop_nulls(), PEOPLE.with_columns(age=pl.lit(None, dtype=pl.Int64))),
        (False, True),
        (
            {},
            {"minimum_missing_value_ratio": 0.3},
            {"columns_with_all_missing_values": "Propagate"},
        ),
    )
]
AGREEING = [
    *CLEANING,
    clean("Custom substitution value", columns=("age",), replacement_value="0.5"),
    clean("Custom substitution value", columns=("city",), replacement_value="?"),
    *[
        (EDIT, *dataset(PEOPLE, columns=columns, data_type=data_type))
        for columns, data_type in (
            (["age", "height", "member", "city"], "String"),
            (["age", "member"], "Double"),
            (["age"], "Boolean"),
            (["born", "seen"], "DateTime"),
            (["born", "seen"], "String"),
        )
    ],
    *[
        (EDIT, *dataset(pl.DataFrame({"t": [text]}), columns=["t"], data_type="DateTime", **how))
        for text, how in (
            ("2024-05-06", {}),
            ("2024-05-06T07:08:09+02:00", {}),
            ("6.5.2024 +0200", {"date_and_time_format": "%d.%m.%Y %z"}),
            ("6.5.2024", {"date_and_time_format": "%d.%m.%Y"}),
        )
    ],
    (EDIT, *dataset(LABELLED, columns=["a"], fields="Label", categorical="Make categorical")),
    (EDIT, *dataset(LABELLED, columns=["a", "b"], new_column_names="x, y")),
    *[
        (
            JOIN,
            {"dataset1": PEOPLE, "dataset2": LABELLED},
            {
                "left_key_columns": ["age"],
                "right_key_columns": ["b"],
                "join_type": join_type,
                "keep_right_key_columns": keeps,
            },
        )
        for join_type, keeps in itertools.product(
            ("Inner Join", "Left Outer Join", "Full Outer Join", "Left Semi-Join"), (True, False)
        )
    ],
    *[
        (PARTITION, *dataset(LABELLED, partition_or_sample_mode=mode, **how))
        for mode, how in (
            ("Head", {"number_of_rows": 4}),
            ("Head", {"number_of_rows": 400}),
            ("Sampling", {"rate_of_sampling": 0.5}),
            ("Sampling", {"rate_of_sampling": 0.5, "stratify_by": "kind"}),
            ("Assign to Folds", {"number_of_folds": 2, "stratify_by": "kind"}),
            ("Assign to Folds", {"use_replacement": True}),
        )
    ],
    *[
        (SPLIT, *dataset(LABELLED, **how))
        for how in (
            {"fraction": 0.7, "stratify_by": "kind"},
            {"fraction": 0.35, "randomized_split": False},
            {"splitting_mode": "Regular Expression", "regular_expression": r'\"kind" ^x'},
            {"splitting_mode": "Relative Expression", "relative_expression": r'\"a" > 2 & < 5'},
        )
    ],
    *[
        (SQL, {"t1": PEOPLE, "t2": LABELLED}, {"sql_query_script": script})
        for script in (
            "select * from t1",
            "select city, sum(age) as years, avg(height), count(*), max(born) from t1 group by city",
            "select a.age, b.* from t1 a join t2 b on a.age > b.a",
            "create table x as select age::decimal(10,2) as d from t1; select d, d * 2 from x",
            "select [age], {'a': age}, age::hugeint from t1",
        )
    ],
    ("data_transformation.add_rows", {"dataset1": WHOLE, "dataset2": WHOLE.cast(pl.Float32)}, {}),
    ("data_transformation.remove_duplicate_rows", *dataset(LABELLED, key_columns=["kind"])),
    ("statistical_functions.summarize_data", *dataset(PEOPLE)),
    *[
        (
            "data_transformation.normalize_data",
            *dataset(WHOLE.with_columns(c=pl.lit("x")), transformation_method=method),
        )
        for method in ("ZScore", "MinMax", "Logistic", "LogNormal", "TanH")
    ],
    *[
        (TRAIN, {"untrained_model": learner, "dataset": table}, {"label_column": label})
        for learner, table, label in (
            (BINARY, LABELLED, None),
            (BINARY, WHOLE.with_columns(y=pl.Series([True, False] * 3)), "y"),
            (MANY, WHOLE.with_columns(y=pl.Series([1, 2, 3] * 2, dtype=pl.Int16)), "y"),
            (LINE, LABELLED, "b"),
        )
    ],
    *[
        (
            SCORE,
            {"trained_model": train(learner, Table(frame), label_column="y"), "dataset": frame},
            {},
        )
        for learner, frame in (
            (BINARY, WHOLE.with_columns(y=pl.Series(["x", "y"] * 3))),
            (BINARY, WHOLE.with_columns(y=pl.Series([True, False] * 3))),
            (MANY, WHOLE.with_columns(y=pl.Series([1, 2, 3] * 2))),
            (LINE, WHOLE.with_columns(y=pl.col("a") * 2.0)),
        )
    ],
    *[
        (
            CROSS,
            {"untrained_model": learner, "dataset": pl.concat([frame] * 6)},
            {"label_column": "y"},
        )
        for learner, frame in (
            (BINARY, WHOLE.with_columns(y=pl.Series(["x", "y"] * 3))),
            (MANY, WHOLE.with_columns(y=pl.Series(["x", "y", "z"] * 2))),
            (LINE, WHOLE.with_columns(y=pl.col("a") * 2.0)),
        )
    ],
    *[
        (GROUP, {"untrained_model": clusters(mode), "dataset": LABELLED}, {"append": append})
        for mode, append in itertools.product(
            ("Ignore label column", "Fill missing values", "Overwrite from closest to center"),
            (True, False),
        )
    ],
    *[
        (
            ASSIGN,
            {
                "trained_model": train_clusters(
                    clusters(mode), LABELLED, ["a", "b", "kind"], context=StepContext()
                ),
                "dataset": table,
            },
            {},
        )
        for mode, table in itertools.product(
            ("Ignore label column", "Fill missing values", "Overwrite from closest to center"),
            (LABELLED, WHOLE),
        )
    ],
    *[
        (APPLY, {"transformation": transform, "dataset": frame}, {})
        for transform, frame in (
            (
                fit_normalizing(WHOLE, ["a"], "ZScore", zero_for_constant=True),
                PEOPLE.rename({"age": "a"}),
            ),
            (
                fit_cleaning(PEOPLE, ["age", "city"], CleaningRules(mode="Replace with mode")),
                PEOPLE,
            ),
            (fit_cleaning(PEOPLE, ["age"], CleaningRules(mode="Remove entire column")), PEOPLE),
        )
    ],
]


@pytest.mark.parametrize(
    ("module_id", "inputs", "parameters"),
    AGREEING,
    ids=[f"{number} {case[0].rpartition('.')[2]}" for number, case in enumerate(AGREEING)],
)
def test_what_is_said_before_a_run_is_what_it_gives(module_id, inputs, parameters, tmp_path):
    said, given = foresee_and_run(
        spec_of(module_id), Call(dict(inputs), dict(parameters)), tmp_path
    )
    assert said.error is None
    assert said.outputs, "something is known"
    for port, schema in said.outputs.items():
        assert contradictions(schema, given[port]) == ()


def refused(module_id, inputs, code, where, **parameters):
    return module_id, inputs, parameters, code, where


TEXTS = {"dataset": PEOPLE}
REFUSED = {
    "select a column that is not there": refused(
        "data_transformation.select_columns_in_dataset",
        TEXTS,
        "D001",
        "parameters/columns",
        columns=["agee"],
    ),
    "select a position that is not there": refused(
        "data_transformation.select_columns_in_dataset",
        TEXTS,
        "D001",
        "parameters/columns",
        columns={
            "start": "none",
            "rules": [{"action": "include", "by": "indexes", "values": [99]}],
        },
    ),
    "select nothing": refused(
        "data_transformation.select_columns_in_dataset",
        TEXTS,
        "D001",
        "parameters/columns",
        columns={
            "start": "all",
            "rules": [{"action": "exclude", "by": "pattern", "values": ["."]}],
        },
    ),
    "a pattern that is none": refused(
        "data_transformation.select_columns_in_dataset",
        TEXTS,
        "D008",
        "parameters/columns",
        columns={
            "start": "none",
            "rules": [{"action": "include", "by": "pattern", "values": ["("]}],
        },
    ),
    "edit a column that is not there": refused(
        EDIT, TEXTS, "D001", "parameters/columns", columns=["x"]
    ),
    "too few names": refused(
        EDIT,
        TEXTS,
        "D008",
        "parameters/new_column_names",
        columns=["age", "city"],
        new_column_names="one",
    ),
    "a name twice": refused(
        EDIT, TEXTS, "D008", "parameters/new_column_names", columns=["age"], new_column_names="city"
    ),
    "two labels": refused(
        EDIT, TEXTS, "D008", "parameters/columns", columns=["age", "city"], fields="Label"
    ),
    "a date becomes a number": refused(
        EDIT, TEXTS, "D004", "parameters/columns", columns=["born"], data_type="Integer"
    ),
    "normalize text": refused(
        "data_transformation.normalize_data", TEXTS, "D004", "parameters/columns", columns=["city"]
    ),
    "clean a column that is not there": refused(
        "data_transformation.clean_missing_data", TEXTS, "D001", "parameters/columns", columns=["x"]
    ),
    "duplicates by nothing": refused(
        "data_transformation.remove_duplicate_rows",
        TEXTS,
        "D001",
        "parameters/key_columns",
        key_columns=[],
    ),
    "join on a column that is not there": refused(
        JOIN,
        {"dataset1": PEOPLE, "dataset2": WHOLE},
        "D001",
        "parameters/right_key_columns",
        left_key_columns=["age"],
        right_key_columns=["age"],
    ),
    "join text with numbers": refused(
        JOIN,
        {"dataset1": PEOPLE, "dataset2": WHOLE},
        "D007",
        "parameters/left_key_columns",
        left_key_columns=["city"],
        right_key_columns=["a"],
    ),
    "join by other numbers of keys": refused(
        JOIN,
        {"dataset1": PEOPLE, "dataset2": WHOLE},
        "D007",
        "parameters/left_key_columns",
        left_key_columns=["age"],
        right_key_columns=["a", "b"],
    ),
    "add rows of other columns": refused(
        "data_transformation.add_rows", {"dataset1": PEOPLE, "dataset2": WHOLE}, "D007", ""
    ),
    "add rows of other types": refused(
        "data_transformation.add_rows",
        {"dataset1": WHOLE, "dataset2": WHOLE.with_columns(a=pl.lit("x"))},
        "D007",
        "",
    ),
    "stratify by a column that is not there": refused(
        SPLIT, TEXTS, "D001", "parameters/stratify_by", stratify_by="x"
    ),
    "split by an expression on a column that is not there": refused(
        SPLIT,
        TEXTS,
        "D001",
        "parameters/relative_expression",
        splitting_mode="Relative Expression",
        relative_expression=r'\"x" > 3',
    ),
    "split by a pattern that is none": refused(
        SPLIT,
        TEXTS,
        "D009",
        "parameters/regular_expression",
        splitting_mode="Regular Expression",
        regular_expression=r'\"city" (',
    ),
    "sample by a column that is not there": refused(
        PARTITION, TEXTS, "D001", "parameters/stratify_by", stratify_by="x"
    ),
    "pick a fold of none": refused(
        PARTITION,
        TEXTS,
        "D008",
        "parameters/partition_or_sample_mode",
        partition_or_sample_mode="Pick Fold",
    ),
    "proportions beyond one": refused(
        PARTITION,
        TEXTS,
        "D008",
        "parameters/proportions",
        partition_or_sample_mode="Assign to Folds",
        partitioner_method="Partition with customized proportions",
        proportions=[0.9, 0.9],
    ),
    "query a column that is not there": refused(
        SQL,
        {"t1": PEOPLE},
        "D009",
        "parameters/sql_query_script",
        sql_query_script="select x from t1",
    ),
    "a query with a wrong type": refused(
        SQL,
        {"t1": PEOPLE},
        "D009",
        "parameters/sql_query_script",
        sql_query_script="select sum(city) from t1",
    ),
    "a script without a result": refused(
        SQL,
        {"t1": PEOPLE},
        "D009",
        "parameters/sql_query_script",
        sql_query_script="create table x as select 1",
    ),
    "train without a label": refused(
        TRAIN, {"untrained_model": BINARY, "dataset": WHOLE}, "D005", "parameters/label_column"
    ),
    "train on a label that is not there": refused(
        TRAIN,
        {"untrained_model": BINARY, "dataset": WHOLE},
        "D005",
        "parameters/label_column",
        label_column="y",
    ),
    "train a regression on text": refused(
        TRAIN,
        {"untrained_model": LINE, "dataset": LABELLED},
        "D004",
        "parameters/label_column",
    ),
    "train a regression on truths": refused(
        TRAIN,
        {"untrained_model": LINE, "dataset": WHOLE.with_columns(y=pl.lit(True))},
        "D010",
        "parameters/label_column",
        label_column="y",
    ),
    "train on a date": refused(
        TRAIN,
        {"untrained_model": BINARY, "dataset": PEOPLE.head(2).select("city", "born")},
        "D004",
        "parameters/label_column",
        label_column="city",
    ),
    "train with nothing to learn from": refused(
        TRAIN,
        {"untrained_model": BINARY, "dataset": LABELLED.frame.select("kind")},
        "D001",
        "parameters/label_column",
        label_column="kind",
    ),
    "train a clustering as a classifier": refused(
        TRAIN,
        {"untrained_model": clusters(), "dataset": LABELLED},
        "D010",
        "parameters/label_column",
    ),
    "score without a feature": refused(
        SCORE,
        {"trained_model": train(LINE, Table(WHOLE), label_column="b"), "dataset": PEOPLE},
        "D001",
        "inputs/dataset",
    ),
    "score text as a number": refused(
        SCORE,
        {
            "trained_model": train(LINE, Table(WHOLE), label_column="b"),
            "dataset": WHOLE.with_columns(a=pl.lit("x")),
        },
        "D004",
        "inputs/dataset",
    ),
    "score with a clustering": refused(
        SCORE,
        {
            "trained_model": train_clusters(clusters(), Table(WHOLE), ["a"], context=StepContext()),
            "dataset": WHOLE,
        },
        "D010",
        "",
    ),
    "evaluate what is not scored": refused(
        "model_scoring_evaluation.evaluate_model",
        {"scored_dataset": PEOPLE},
        "D001",
        "inputs/scored_dataset",
    ),
    "evaluate without a label": refused(
        "model_scoring_evaluation.evaluate_model",
        {"scored_dataset": WHOLE.rename({"a": "Scored Labels"})},
        "D005",
        "inputs/scored_dataset",
    ),
    "find clusters with a classifier": refused(
        GROUP, {"untrained_model": BINARY, "dataset": WHOLE}, "D010", "parameters/column_set"
    ),
    "find clusters in a label": refused(
        GROUP,
        {"untrained_model": clusters(), "dataset": LABELLED},
        "D001",
        "parameters/column_set",
        column_set=["kind"],
    ),
    "assign with a classifier": refused(
        ASSIGN,
        {"trained_model": train(BINARY, LABELLED), "dataset": LABELLED},
        "D010",
        "",
    ),
    "cross-validate a clustering": refused(
        CROSS,
        {"untrained_model": clusters(), "dataset": pl.concat([LABELLED.frame] * 3)},
        "D010",
        "parameters/label_column",
        label_column="kind",
    ),
    "apply to a table that lacks a column": refused(
        APPLY,
        {
            "transformation": fit_normalizing(WHOLE, ["a"], "ZScore", zero_for_constant=True),
            "dataset": PEOPLE,
        },
        "D001",
        "inputs/dataset",
    ),
    "apply to text": refused(
        APPLY,
        {
            "transformation": fit_normalizing(WHOLE, ["a"], "ZScore", zero_for_constant=True),
            "dataset": PEOPLE.rename({"city": "a"}),
        },
        "D004",
        "inputs/dataset",
    ),
    "import nothing": refused("data_input_output.import_data", {}, "D008", "parameters/path"),
    "type nothing": refused("data_input_output.enter_data_manually", {}, "D003", ""),
    "export out of the folder": refused(
        "data_input_output.export_data", TEXTS, "D008", "parameters/path", path="../x.csv"
    ),
    "an empty list of values": refused(
        "classification.two_class_decision_forest",
        {},
        "V003",
        "parameters/number_of_trees_range",
        create_trainer_mode="Parameter Range",
        number_of_trees_range=[],
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_a_run_refuses_for_its_columns_is_refused_before_with_the_same_words(case, tmp_path):
    module_id, inputs, parameters, code, where = REFUSED[case]
    spec = spec_of(module_id)
    call = Call(dict(inputs), parameters)
    said = foresee_call(spec, call, tmp_path)
    assert said.error is not None and said.outputs == {}
    with pytest.raises(DesignerError) as caught:
        run_call(spec, call, tmp_path)
    assert caught.value.code == said.error.code == code
    assert caught.value.record.message == said.error.message
    table = SpecTable(spec)
    place = place_of(said.error, table, table.defaults | parameters)
    assert "/".join(place) == where


def test_a_transformation_of_another_library_is_known_after_a_run(tmp_path):
    transform = Transform("their_own", {}, ("a",))
    said = foresee_call(
        spec_of(APPLY), Call({"transformation": transform, "dataset": WHOLE}), tmp_path
    )
    assert said.outputs == {} and said.error is None and said.why


def test_a_query_that_makes_columns_of_values_is_known_after_a_run(tmp_path):
    script = "PIVOT t1 ON city USING sum(age)"
    call = Call({"t1": PEOPLE.drop_nulls()}, {"sql_query_script": script})
    said = foresee_call(spec_of(SQL), call, tmp_path)
    assert said.outputs == {} and said.error is None and "PIVOT" in said.why


IMPORT = spec_of("data_input_output.import_data")
TABLE = pl.DataFrame(
    {
        "n": [1, 2, 3],
        "x": [0.5, None, 2.0],
        "t": ["a", "b", None],
        "b": [True, False, True],
        "d": [date(2024, 1, 1)] * 3,
    }
)


def imported(tmp_path, **parameters):
    said, given = foresee_and_run(IMPORT, Call({}, parameters), tmp_path)
    assert said.error is None
    schema = said.outputs["results_dataset"]
    assert contradictions(schema, given["results_dataset"]) == ()
    return schema


@pytest.mark.parametrize("suffix", ["csv", "tsv", "parquet", "arrow", "jsonl", "xlsx"])
def test_the_columns_of_a_small_file_are_known_for_certain(tmp_path, suffix):
    path = tmp_path / f"t.{suffix}"
    writers = {
        "csv": TABLE.write_csv,
        "tsv": lambda path: TABLE.write_csv(path, separator="\t"),
        "parquet": TABLE.write_parquet,
        "arrow": TABLE.write_ipc,
        "jsonl": TABLE.write_ndjson,
        "xlsx": lambda path: _write_workbook(TABLE, path),
    }
    writers[suffix](path)
    schema = imported(tmp_path, path=str(path))
    assert schema.is_complete and schema.rows == 3 and len(schema.columns) == 5


def _write_workbook(frame, path):
    from modules_library.formats import write_table

    write_table(frame, path, "Excel")


def test_of_a_large_text_file_the_beginning_is_read_and_types_may_still_widen(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(heads, "HEAD_BYTES", 400)
    path = tmp_path / "t.csv"
    rows = [f'{i},0.5,"a\nb",true,2024-01-01,' for i in range(200)]
    path.write_text("n,x,t,b,d,late\n" + "\n".join(rows) + '\nmany,no,"",maybe,never,7\n')
    schema = imported(tmp_path, path=str(path))
    assert schema.rows is None
    assert [(c.name, c.types) for c in schema.columns] == [
        ("n", ("Int64", "Float64", "String")),
        ("x", ("Float64", "String")),
        ("t", ("String",)),
        ("b", ("Boolean", "String")),
        ("d", ("Date", "String")),
        ("late", ()),
    ]


@pytest.mark.parametrize("encoding", ["UTF-16", "Shift JIS", "Latin-1"])
def test_the_beginning_of_a_file_in_any_encoding_ends_between_letters(
    tmp_path, monkeypatch, encoding
):
    codecs = {"UTF-16": "utf-16", "Shift JIS": "shift_jis", "Latin-1": "latin-1"}
    word = "ö" if encoding == "Latin-1" else "日本"
    path = tmp_path / "t.csv"
    path.write_bytes(f"{word},n\n{f'{word},1{chr(10)}' * 99}".encode(codecs[encoding]))
    for size in range(100, 110):
        monkeypatch.setattr(heads, "HEAD_BYTES", size)
        with tempfile.TemporaryDirectory() as folder:
            schema = imported(Path(folder), path=str(path), encoding=encoding)
        assert schema.names == (word, "n")


def test_of_json_lines_columns_may_come_later_unless_they_are_chosen(tmp_path, monkeypatch):
    monkeypatch.setattr(heads, "HEAD_BYTES", 100)
    path = tmp_path / "t.jsonl"
    path.write_text('{"a": 1}\n' * 50 + '{"a": 2.5, "b": "x"}\n')
    assert imported(tmp_path / "1", path=str(path)).more == ("",)
    assert imported(tmp_path / "2", path=str(path), columns=["a"]).more == ()
    said = foresee_call(IMPORT, Call({}, {"path": str(path), "columns": ["b"]}), tmp_path / "3")
    assert said.error is None and said.outputs == {} and said.why


def test_the_files_of_a_folder_are_one_table(tmp_path, monkeypatch):
    folder = tmp_path / "data"
    folder.mkdir()
    for name, value in (("a", "1"), ("b", "2.5"), ("c", "x")):
        (folder / f"{name}.csv").write_text(f"v\n{value}\n")
    how = {"data_source": "Folder", "path": str(folder)}
    schema = imported(tmp_path / "1", **how)
    assert (schema.rows, schema.columns[0].types) == (3, ("String",))
    monkeypatch.setattr(heads, "MOST_FILES", 2)
    schema = imported(tmp_path / "2", **how)
    assert (schema.rows, schema.columns[0].types) == (None, ("Float64", "String"))


def test_a_workbook_without_a_beginning_is_known_after_a_run(tmp_path, monkeypatch):
    path = tmp_path / "t.xlsx"
    _write_workbook(TABLE, path)
    monkeypatch.setattr(heads, "MOST_WORKBOOK_BYTES", 10)
    said = foresee_call(IMPORT, Call({}, {"path": str(path)}), tmp_path)
    assert said.outputs == {} and "too large" in said.why


def test_nothing_is_fetched_before_a_run(tmp_path, monkeypatch):
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("it went to the network"))
    call = Call({}, {"data_source": "URL", "url": "http://127.0.0.1:9/x.csv"})
    said = foresee_call(IMPORT, call, tmp_path)
    assert said.outputs == {} and said.error is None and "when the pipeline runs" in said.why


@pytest.mark.parametrize(
    ("content", "code", "where"),
    [
        ("", "D003", "data.csv"),
        ("a,b\n1\n", "D003", ""),
        ("a\n1\n", "D001", ""),
        (b"\xff\xfea\x00", "D011", ""),
    ],
)
def test_a_file_that_cannot_be_imported_says_so_before_a_run(tmp_path, content, code, where):
    path = tmp_path / "data.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    call = Call({}, {"path": str(path), "columns": ["z"]})
    said = foresee_call(IMPORT, call, tmp_path)
    with pytest.raises(DesignerError) as caught:
        run_call(IMPORT, call, tmp_path)
    assert said.error.code == caught.value.code == code
    assert said.error.message == caught.value.record.message


def test_no_file_is_written_before_a_run(tmp_path):
    kept = tmp_path / "out.csv"
    kept.write_text("as it was")
    call = Call({"dataset": WHOLE}, {"path": "out.csv"})
    assert foresee_call(spec_of("data_input_output.export_data"), call, tmp_path).error is None
    assert kept.read_text() == "as it was"


def test_no_python_script_is_asked_for_its_columns():
    assert not spec_of("python_language.execute_python_script").entry.schema
