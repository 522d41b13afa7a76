"""Column names that differ from each other."""

from collections.abc import Iterable


def unique_name(name: str, taken: Iterable[str]) -> str:
    """Give the name itself, or with the first free number behind it.

    >>> unique_name("age", ["age", "age (1)"])
    'age (2)'
    """
    known = set(taken)
    if name not in known:
        return name
    number = 1
    while f"{name} ({number})" in known:
        number += 1
    return f"{name} ({number})"


def unique_names(names: Iterable[str]) -> list[str]:
    """Give every name once, later ones with a number; a name that was unique stays as it is.

    >>> unique_names(["a", "b", "a", "a (1)"])
    ['a', 'b', 'a (2)', 'a (1)']
    """
    wanted = list(names)
    found: list[str] = []
    for name in wanted:
        later = set(wanted) if name in found else set()
        found.append(unique_name(name, {*found, *later}))
    return found
