"""What people write to mean a state of a pipeline: `now`, `12`, `Baseline`, `run:41`. Pure."""

from typing import Literal

import msgspec

from runtime.errors import RequestError

Kind = Literal["now", "revision", "version", "run"]

NOW = "now"
RUN = "run:"
LONGEST_NAME = 100


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """A state of a pipeline: the newest one, a revision, a named version, or that of a run."""

    kind: Kind
    revision: int = 0
    name: str = ""


def parse_reference(text: str) -> Reference:
    """Read a reference.

    >>> parse_reference("12").revision
    12
    >>> parse_reference("run:41").name
    '41'
    """
    text = text.strip()
    if text in ("", NOW):
        return Reference(kind="now")
    if text.isdecimal():
        return Reference(kind="revision", revision=int(text[:18]))
    if text.startswith(RUN):
        return Reference(kind="run", name=text.removeprefix(RUN))
    return Reference(kind="version", name=text)


def usable_name(name: str) -> str:
    """The name of a version, tidied.

    Raises:
        RequestError: S008 when it could be taken for another reference.
    """
    tidy = " ".join(name.split())
    is_reference = parse_reference(tidy).kind != "version" or ".." in tidy or "@" in tidy
    if is_reference or len(tidy) > LONGEST_NAME:
        raise RequestError(
            "S008",
            f"A version cannot be called '{tidy[:LONGEST_NAME]}'.",
            remedy="Choose a name with a letter in it, without '..' and '@', "
            f"of at most {LONGEST_NAME} characters.",
        )
    return tidy
