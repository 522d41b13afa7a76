"""Ready environments: lists of requirements that one command makes an environment of."""

import msgspec


class ReadyEnvironment(msgspec.Struct, frozen=True, kw_only=True):
    """A list of requirements with a name.

    Attributes:
        summary: What it is for.
        note: What to know before it is built.
    """

    name: str
    summary: str
    requirements: tuple[str, ...]
    note: str = ""


READY = {
    one.name: one
    for one in (
        ReadyEnvironment(
            name="data",
            summary="Tables, SQL and files",
            requirements=(
                "polars>=1.30",
                "pandas>=2.2",
                "pyarrow>=19",
                "duckdb>=1.2",
                "scipy>=1.14",
                "openpyxl>=3.1",
                "fastexcel>=0.13",
            ),
        ),
        ReadyEnvironment(
            name="boosting",
            summary="Gradient boosting: LightGBM, XGBoost, CatBoost",
            requirements=(
                "scikit-learn>=1.6",
                "pandas>=2.2",
                "lightgbm>=4.6",
                "xgboost>=3",
                "catboost>=1.2",
            ),
        ),
        ReadyEnvironment(
            name="torch",
            summary="Deep learning with PyTorch",
            requirements=("torch==2.13.0", "numpy>=2", "pandas>=2.2"),
            note="The usual index gives the build for NVIDIA GPUs, some gigabytes. For processors "
            "only, add the same packages with another index: https://download.pytorch.org/whl/cpu.",
        ),
    )
}
"""By name."""
