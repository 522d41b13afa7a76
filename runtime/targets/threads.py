"""A step's thread budget for libraries that read theirs only once, when they are loaded."""

import sys
from collections.abc import Callable

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS")
"""Variables that libraries read theirs from when they are loaded, or first used."""
_FUNCTIONS = {
    "libgomp": ("omp_set_num_threads",),
    "libiomp": ("omp_set_num_threads",),
    "libomp": ("omp_set_num_threads",),
    "openblas": (
        "openblas_set_num_threads",
        "scipy_openblas_set_num_threads",
        "scipy_openblas_set_num_threads64_",
    ),
}
_known: dict[str, Callable[[int], object]] = {}
_modules_seen = -1


def limit_threads(count: int) -> None:
    """Tell the OpenMP and BLAS libraries in this process how many threads to use."""
    global _modules_seen
    if len(sys.modules) != _modules_seen:
        _modules_seen = len(sys.modules)
        _find()
    for set_threads in _known.values():
        set_threads(max(1, count))


def _find() -> None:
    if "numpy" not in sys.modules:
        return
    import ctypes

    with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:
        paths = {line.split(None, 5)[5].strip() for line in maps if ".so" in line and "/" in line}
    for path in paths - _known.keys():
        for part, names in _FUNCTIONS.items():
            if part in path.rpartition("/")[2]:
                library = ctypes.CDLL(path)
                found = [getattr(library, name) for name in names if hasattr(library, name)]
                _known.update((path, function) for function in found[:1])
