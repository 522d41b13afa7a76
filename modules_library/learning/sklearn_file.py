"""scikit-learn estimators as files: the skops format, made reproducible and read without trust.

skops names arrays after memory addresses and puts the clock into the zip, so equal estimators give
other bytes in every process. Here addresses become numbers in the order in which they appear and
entries get one fixed date. Reading checks the schema against the types that were reviewed for
this project before skops sees the bytes; nothing is ever unpickled.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from modules_library.learning.stored_zip import write_stored_zip
from runtime.errors import DataError, InfrastructureError

REVIEWED_TYPES = frozenset(
    {
        "builtins.bool",
        "builtins.bytes",
        "builtins.dict",
        "builtins.float",
        "builtins.int",
        "builtins.list",
        "builtins.str",
        "builtins.tuple",
        "numpy.dtype",
        "numpy.float64",
        "numpy.int32",
        "numpy.int64",
        "numpy.ndarray",
        "sklearn.cluster._kmeans.KMeans",
        "sklearn.ensemble._forest.RandomForestClassifier",
        "sklearn.ensemble._forest.RandomForestRegressor",
        "sklearn.linear_model._base.LinearRegression",
        "sklearn.linear_model._logistic.LogisticRegression",
        "sklearn.linear_model._ridge.Ridge",
        "sklearn.linear_model._stochastic_gradient.SGDRegressor",
        "sklearn.pipeline.Pipeline",
        "sklearn.preprocessing._data.MinMaxScaler",
        "sklearn.tree._classes.DecisionTreeClassifier",
        "sklearn.tree._classes.DecisionTreeRegressor",
        "sklearn.tree._tree.Tree",
    }
)
"""Types that a model file may hold: plain data, arrays, and the estimators of our learners."""

REVIEWED_LOADERS = frozenset(
    {
        "CachedNode",
        "DictNode",
        "JsonNode",
        "ListNode",
        "NdArrayNode",
        "ObjectNode",
        "TreeNode",
        "TupleNode",
        "TypeNode",
    }
)
"""Ways in which skops may rebuild an object; none of them calls a function named in the file."""

_OWN_TYPES = ["sklearn.tree._tree.Tree"]
"""Reviewed types that skops itself does not trust without being told."""


def dump_estimator(estimator: Any) -> bytes:
    """Write an estimator; equal estimators give equal bytes in every process."""
    import skops.io

    with zipfile.ZipFile(io.BytesIO(skops.io.dumps(estimator))) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    schema = entries.pop("schema.json").decode()
    numbers: dict[str, int] = {}
    text = _ADDRESS.sub(lambda match: _numbered(match, numbers), schema)
    renamed = {f"{numbers[name.split('.')[0]]}.npy": data for name, data in entries.items()}
    return write_stored_zip({"schema.json": text.encode(), **renamed})


def load_estimator(data: bytes) -> Any:
    """Read an estimator that holds reviewed types only.

    Raises:
        InfrastructureError: S003 when the bytes are damaged.
        DataError: D008 when the file holds a type that was not reviewed.
    """
    import skops.io

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            schema = json.loads(archive.read("schema.json"))
    except (zipfile.BadZipFile, KeyError, ValueError) as exc:
        raise InfrastructureError(
            "S003", f"The estimator file is damaged: {exc}.", remedy="Train the model again."
        ) from exc
    _refuse_unreviewed(schema)
    return skops.io.loads(data, trusted=_OWN_TYPES)


_ADDRESS = re.compile(r'(?P<before>"__id__": |"file": ")(?P<address>\d+)')


def _numbered(match: re.Match[str], numbers: dict[str, int]) -> str:
    number = numbers.setdefault(match["address"], len(numbers) + 1)
    return f"{match['before']}{number}"


def _refuse_unreviewed(schema: Any) -> None:
    for node in _nodes(schema):
        kind, loader = f"{node.get('__module__')}.{node['__class__']}", node.get("__loader__")
        if kind not in REVIEWED_TYPES or loader not in REVIEWED_LOADERS:
            raise DataError(
                "D008",
                f"The model file holds '{kind}' ({loader}), which is not a reviewed type.",
                remedy="Train the model with a module of this library.",
            )


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every object of the schema that stands for a Python object."""
    if isinstance(value, dict):
        if "__class__" in value:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _nodes(item)
