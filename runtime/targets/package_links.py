"""Our packages for an interpreter that is not ours: a folder of links to them, and to nothing else.

Beside our packages may lie everything that is installed here, which is none of its business.
"""

import contextlib
import importlib.util
import os
from functools import cache
from pathlib import Path

from runtime.model.digest import digest_value

_RUNTIME = "runtime"


@cache
def package_links(folder: str, executor: str) -> str:
    """The folder of links that a worker needs to import an executor.

    Args:
        folder: Where such folders lie.
        executor: `package.module:function`.
    """
    names = dict.fromkeys((_RUNTIME, executor.partition(":")[0].partition(".")[0]))
    roots = {name: _root(name) for name in names}
    links = f"{folder}/{digest_value(roots)[3:23]}"
    os.makedirs(links, mode=0o700, exist_ok=True)
    for name, root in roots.items():
        with contextlib.suppress(FileExistsError):
            os.symlink(root, f"{links}/{name}")
    return links


def _root(name: str) -> str:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.origin:
        raise ModuleNotFoundError(name)
    return str(Path(spec.origin).parent)
