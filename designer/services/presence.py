"""Who has a pipeline open, and where in it they are.

A crowd is told of itself seldom: two hundred people who click twice a second would be eighty thousand
messages a second. Each pipeline is told at most five times a second, every ten milliseconds of a
pause for each editor, and names the few who moved last; the others are a number.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import Annotated, Protocol

import msgspec

LEAST_PAUSE_S = 0.2
PAUSE_FOR_EACH_S = 0.01
MOST_NAMED = 24
MOST_SELECTED = 20

Later = Callable[[float, Callable[[], None]], object]
"""Does something after so many seconds."""

Name = Annotated[str, msgspec.Meta(max_length=400)]


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """A node, in a subgraph's definition or in the pipeline itself."""

    scope: Name = ""
    node: Name


class Whereabouts(msgspec.Struct, frozen=True, kw_only=True):
    """Where in a pipeline somebody is.

    Attributes:
        scope: The subgraph that is shown; empty for the pipeline itself.
        selected: The nodes that are selected, the first ones.
    """

    scope: Name = ""
    selected: Annotated[tuple[Spot, ...], msgspec.Meta(max_length=MOST_SELECTED)] = ()


class Person(Whereabouts, frozen=True, kw_only=True):
    """One open editor.

    Attributes:
        client: The browser, a dot, and the page.
        name: Who is named as the author of what is done there.
    """

    client: str
    name: str


class Editor(Protocol):
    """What is known of an open editor."""

    client: str
    name: str
    whereabouts: Whereabouts
    moved: int


class Presence:
    """Decides when those who look at a pipeline are told of each other.

    Args:
        tell: Tells those of one pipeline; gives how many they are.
        later: Ends the pauses.
    """

    def __init__(self, tell: Callable[[str], int], later: Later) -> None:
        self._tell = tell
        self._later = later
        self._resting: set[str] = set()
        self._changed: set[str] = set()

    def changed(self, pipeline_id: str) -> None:
        """Somebody came, went or moved: told at once, or when the pause since the last time is over."""
        if pipeline_id in self._resting:
            self._changed.add(pipeline_id)
            return
        pause = max(LEAST_PAUSE_S, self._tell(pipeline_id) * PAUSE_FOR_EACH_S)
        self._resting.add(pipeline_id)
        self._later(pause, lambda: self._rested(pipeline_id))

    def _rested(self, pipeline_id: str) -> None:
        self._resting.discard(pipeline_id)
        if pipeline_id in self._changed:
            self._changed.discard(pipeline_id)
            self.changed(pipeline_id)


def on_the_loop(pause_s: float, act: Callable[[], None]) -> None:
    """Do something later on the event loop that runs."""
    asyncio.get_running_loop().call_later(pause_s, act)


def present(editors: Iterable[Editor]) -> dict[str, object]:
    """What is told of the editors of one pipeline.

    A page that connects again before its old connection is known to be dead counts once.
    """
    pages: dict[object, Editor] = {}
    for editor in sorted(editors, key=lambda one: one.moved):
        pages[editor.client or id(editor)] = editor
    named = sorted((one for one in pages.values() if one.client), key=lambda one: -one.moved)
    return {
        "kind": "presence",
        "clients": len(pages),
        "people": [_person(one) for one in named[:MOST_NAMED]],
    }


def _person(editor: Editor) -> Person:
    where = editor.whereabouts
    return Person(
        client=editor.client, name=editor.name, scope=where.scope, selected=where.selected
    )
