"""Fewer points for charts, without a change of their ends."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt


def thinned(values: npt.NDArray[Any], most: int) -> list[float]:
    """At most `most` values, evenly spaced by position, first and last included.

    >>> thinned(np.arange(9.0), 3)
    [0.0, 4.0, 8.0]
    """
    if len(values) > most:
        values = values[np.linspace(0, len(values) - 1, most).round().astype(np.int64)]
    listed: list[float] = values.astype(np.float64).tolist()
    return listed


def drawn_rows(count: int, most: int) -> npt.NDArray[np.int64]:
    """Positions of at most `most` rows in ascending order, always the same ones."""
    if count <= most:
        return np.arange(count)
    return np.sort(np.random.default_rng(0).permutation(count)[:most])
