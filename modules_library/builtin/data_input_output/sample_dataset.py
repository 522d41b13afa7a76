"""Sample Dataset."""

import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal, NamedTuple

import polars as pl

from modules_library.sdk import LEARNING, ColumnRole, Roles, Summary, Table, Title, module

SampleName = Literal["breast_cancer", "diabetes", "iris", "wine", "digits"]


class SampleDataset(NamedTuple):
    """What Sample Dataset gives.

    Attributes:
        dataset: The table; its column `target` has the role label.
    """

    dataset: Table


@module(
    version="1.0.0",
    title="Sample Dataset",
    icon="table_chart",
    preload=LEARNING,
    tags=("example", "demo", "breast cancer", "diabetes", "iris", "wine", "digits", "scikit-learn"),
)
def sample_dataset(
    *,
    name: Annotated[SampleName, Title("Dataset"), Summary()] = "breast_cancer",
) -> SampleDataset:
    """Give a well-known table to try things with, without a download.

    | name | rows | columns | `target` |
    |---|---|---|---|
    | breast_cancer | 569 | 30 measurements of cell nuclei | malignant, benign |
    | diabetes | 442 | 10 measurements in their own units | progression after a year, 25 to 346 |
    | iris | 150 | 4 measurements of flowers | setosa, versicolor, virginica |
    | wine | 178 | 13 chemical measurements | class_0, class_1, class_2 |
    | digits | 1,797 | 64 pixels, 0 to 16 | the digit, 0 to 9 |

    Column names hold letters, digits and underscores only (`mean radius` is `mean_radius`). The last
    column is always `target`, with the role label; where it names classes it is categorical.

    Args:
        name: Which table.

    Returns:
        The table.

    Source:
        The tables that come inside scikit-learn: Wisconsin diagnostic breast cancer (Wolberg,
        Street, Mangasarian 1995), diabetes (Efron, Hastie, Johnstone, Tibshirani 2004), iris
        (Fisher 1936), wine (Forina 1991), optical digits (Alpaydin, Kaynak 1998).
    """
    bunch = _loader(name)()
    names = [_clean(column) for column in bunch.feature_names]
    columns = {column: bunch.data[:, i] for i, column in enumerate(names)}
    frame = pl.DataFrame(columns).with_columns(_target(bunch))
    if name == "digits":
        frame = frame.cast(dict.fromkeys(names, pl.Int64))
    is_class = name != "diabetes"
    roles = Roles({"target": ColumnRole(kind="label", categorical=is_class or None)})
    return SampleDataset(dataset=Table(frame, roles))


def example() -> dict[str, Any]:
    """A small run of this module."""
    return {"inputs": {}, "parameters": {"name": "iris"}}


def _loader(name: SampleName) -> Callable[[], Any]:
    from sklearn import datasets

    loaders: dict[SampleName, Callable[[], Any]] = {
        "breast_cancer": datasets.load_breast_cancer,
        "diabetes": lambda: datasets.load_diabetes(scaled=False),
        "iris": datasets.load_iris,
        "wine": datasets.load_wine,
        "digits": datasets.load_digits,
    }
    return loaders[name]


def _clean(name: str) -> str:
    return re.sub(r"\W+", "_", name).strip("_").lower()


def _target(bunch: Any) -> pl.Series:
    classes: Sequence[Any] | None = getattr(bunch, "target_names", None)
    if classes is None:
        return pl.Series("target", bunch.target, dtype=pl.Float64)
    if not isinstance(classes[0], str):
        return pl.Series("target", bunch.target, dtype=pl.Int64)
    return pl.Series("target", [str(classes[code]) for code in bunch.target], dtype=pl.String)
