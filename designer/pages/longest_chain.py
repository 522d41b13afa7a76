"""The longest chain of a run on its page: one sentence, and a note at each of its steps. Pure."""

from collections.abc import Iterator

from designer.pages.elements import icon
from designer.pages.markup import Child, Markup, tag
from designer.pages.words import seconds_words
from runtime.execution.critical_path import CriticalPath
from runtime.model import Run

__all__ = ["NO_PATH", "chain_notes", "chain_place", "longest_chain"]

NO_PATH = CriticalPath()
SYMBOL = "linear_scale"
_MOST_NAMES = 12


def longest_chain(run: Run, path: CriticalPath) -> Markup | None:
    """Which steps determined the run's end; each name leads to its step."""
    if not path.links:
        return None
    took, all_of_it = seconds_words(path.seconds), seconds_words(path.run_seconds)
    return tag(
        "p.pg-chain",
        icon(SYMBOL),
        tag("span", f"The longest chain took {took} of {all_of_it}: ", list(_names(run, path))),
    )


def chain_notes(path: CriticalPath) -> dict[str, Markup]:
    """For each step of the chain its place in it, how long it waited and how long it worked."""
    return {
        step: tag(
            "span.pg-chain-note",
            icon(SYMBOL),
            tag("span", place, tag("span.pg-chain-times", f" · {times}")),
            title=f"Longest chain, step {place}: {times}",
        )
        for step, place, times in _places(path)
    }


def chain_place(path: CriticalPath, step: str) -> str:
    """The same of one step, in words; empty for one that is not in the chain."""
    found = (f"{place}, {times}" for name, place, times in _places(path) if name == step)
    return next(found, "")


def _places(path: CriticalPath) -> Iterator[tuple[str, str, str]]:
    for number, link in enumerate(path.links, start=1):
        times = f"waited {seconds_words(link.waited_s)}, worked {seconds_words(link.worked_s)}"
        yield link.step, f"{number} of {len(path.links)}", times


def _names(run: Run, path: CriticalPath) -> Iterator[Child]:
    steps = [link.step for link in path.links]
    for number, step in enumerate(steps[:_MOST_NAMES]):
        yield ", " if number else None
        yield tag(
            "button.pg-link",
            run.steps[step].label or step,
            type="button",
            data_action="step",
            data_value=step,
        )
    if len(steps) > _MOST_NAMES:
        yield f" and {len(steps) - _MOST_NAMES} more"
