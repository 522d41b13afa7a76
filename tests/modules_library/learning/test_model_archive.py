"""Model archives: what lies in them, and what is refused."""

import io
import json
import zipfile

import polars as pl
import pytest
import skops.io
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from modules_library.learning import LEARNERS, load_model, train
from modules_library.learning.sklearn_file import dump_estimator, load_estimator
from modules_library.learning.stored_zip import write_stored_zip
from modules_library.sdk import Model, Table, UntrainedModel
from runtime.errors import DataError, DesignerError, InfrastructureError, ModuleError

FRAME = pl.DataFrame({"x": [1.0, 2.0, 3.0], "y": [2.0, 4.0, 6.0]})
PARAMETERS = {
    "solution_method": "Ordinary Least Squares",
    "l2_weight": 0.0,
    "include_intercept": True,
    "seed": 0,
}


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "line.model"
    untrained = UntrainedModel("linear_regression", "regression", PARAMETERS)
    train(untrained, Table(FRAME), label_column="y").save(path)
    return path


def rewritten(path, **changes):
    with zipfile.ZipFile(path) as old:
        entries = {name: old.read(name) for name in old.namelist()}
    facts = json.loads(entries["model.json"]) | changes
    entries["model.json"] = json.dumps(facts).encode()
    path.write_bytes(write_stored_zip(entries))
    return path


def test_the_archive_is_a_stored_zip_with_facts_and_the_estimator(archive):
    with zipfile.ZipFile(archive) as content:
        assert content.namelist() == ["estimator.skops", "model.json"]
        assert {info.date_time for info in content.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.compress_type for info in content.infolist()} == {zipfile.ZIP_STORED}
        facts = json.loads(content.read("model.json"))
        estimator = skops.io.loads(content.read("estimator.skops"))
    assert facts["loader"] == "modules_library.learning.archive:load_model"
    assert (facts["learner"], facts["task"]) == ("linear_regression", "regression")
    assert facts["title"] == "Linear Regression"
    assert facts["features"] == [{"column": "x", "kind": "numeric"}]
    assert facts["coefficients"][0]["weights"] == [{"feature": "x", "value": pytest.approx(2)}]
    assert isinstance(estimator, LinearRegression), "scikit-learn users can open the file"


def test_the_sdk_reads_the_archive_with_the_loader_that_it_names(archive):
    assert Model.load(archive).facts() == load_model(archive).facts()


def test_equal_estimators_give_equal_bytes_whatever_their_addresses():
    def fitted():
        return LinearRegression().fit(FRAME[["x"]].to_numpy(), FRAME["y"].to_numpy())

    kept = [fitted() for _ in range(3)]
    assert len({dump_estimator(estimator) for estimator in kept}) == 1


@pytest.mark.parametrize(
    "estimator",
    [FunctionTransformer(json.dumps), StandardScaler().fit(FRAME.to_numpy())],
    ids=["a function", "an estimator of no learner of ours"],
)
def test_types_that_were_not_reviewed_are_refused_before_anything_is_built(estimator):
    with pytest.raises(DataError, match="not a reviewed type") as caught:
        load_estimator(skops.io.dumps(estimator))
    assert caught.value.code == "D008"


def test_a_reviewed_type_under_another_way_of_loading_is_refused():
    data = dump_estimator(LinearRegression())
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        schema = old.read("schema.json").replace(b'"ObjectNode"', b'"ReduceNode"')
        entries = {name: old.read(name) for name in old.namelist()} | {"schema.json": schema}
    with pytest.raises(DataError, match="ReduceNode"):
        load_estimator(write_stored_zip(entries))


def test_an_estimator_file_that_is_no_zip_is_damaged():
    with pytest.raises(InfrastructureError) as caught:
        load_estimator(b"\x80\x04pickle")
    assert caught.value.code == "S003"


def test_an_archive_of_an_unknown_learner_is_refused(archive):
    with pytest.raises(DesignerError) as caught:
        load_model(rewritten(archive, learner="linear_regresion"))
    assert caught.value.code == "D010"
    assert "Did you mean 'linear_regression'" in caught.value.record.message


def test_an_archive_cannot_name_a_loader_outside_the_library(archive):
    with pytest.raises(ModuleError) as caught:
        Model.load(rewritten(archive, loader="os:system"))
    assert caught.value.code == "M009"


def test_an_archive_without_its_estimator_is_damaged(archive):
    facts = zipfile.ZipFile(archive).read("model.json")
    archive.write_bytes(write_stored_zip({"model.json": facts}))
    with pytest.raises(InfrastructureError) as caught:
        load_model(archive)
    assert caught.value.code == "S003"


def test_every_learner_is_known_under_its_own_id():
    assert all(learner.id == name for name, learner in LEARNERS.items())
    assert len(LEARNERS) == 8
