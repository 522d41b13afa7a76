"""A row of the scoreboard: what is done, to which real part, how often, and what came of it."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from runtime.stores import Workspace

SEED = 20_240_229
"""Of what is published, and of `make test`."""


@dataclass(frozen=True)
class Trial:
    """What a row is measured with.

    Attributes:
        count: How often.
        seed: Everything random comes from it.
        folder: A fresh folder.
        is_timed: Whether goals in seconds count.
    """

    count: int
    seed: int
    folder: Path
    is_timed: bool = False

    def expect_within(self, seconds, limit_s, what):
        """A goal in seconds; `make test` leaves it alone, as other tests run beside it there."""
        assert not self.is_timed or seconds <= limit_s, f"{what} took {seconds:.2f} s"

    def dice(self, *names):
        return random.Random(f"{self.seed} {' '.join(map(str, names))}")

    def workspace(self, name="workspace"):
        return Workspace(self.folder / name)


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        id: The row of the scoreboard.
        done: What is done.
        part: The real part it runs against.
        goal: What is asked for.
        measure: Does it; fails where an invariant is broken or the goal is missed, else gives the
            result in words. None for what only tests of their own cover.
        quick: How often in `make test`; 0 to leave it to `make chaos`.
        long: How often in `make chaos`.
        tests: Tests elsewhere that belong to the row; `make chaos` runs them too.
        missing: What the row asks for and the product or the measurement lacks.
    """

    id: str
    done: str
    part: str
    goal: str
    measure: Callable[[Trial], str] | None = None
    quick: int = 0
    long: int = 0
    tests: tuple[str, ...] = ()
    missing: str = ""

    @property
    def key(self):
        return f"{self.id} {self.done}"
