"""What steps took in the past, by module version and size of their inputs."""

from collections.abc import Collection

import msgspec

from runtime.stores.changes import StepExecuted
from runtime.stores.database import Database

_SLOTS = 16


class Measurement(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What one execution took.

    Attributes:
        size: Class of the inputs' size, see `size_class`.
        recipe: Which parameters it ran with.
    """

    size: int
    recipe: str
    target: str
    at: float
    seconds: float
    cpu_seconds: float | None = None
    memory_bytes: int | None = None
    gpu_memory_bytes: int | None = None


class Measurements:
    """The newest sixteen of each module version and size class.

    Args:
        database: The database of runs.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    def write(self, done: StepExecuted) -> None:
        """Keep what a step took; one older takes the place of it sooner or later."""
        self._db.execute(
            "INSERT OR REPLACE INTO measurement VALUES (?,?,?,?,?,?,?,?,?,?)",
            (
                done.module, size_class(done.input_bytes),
                (done.run_number + 7 * done.position) % _SLOTS, done.recipe, done.target, done.at,
                done.seconds, done.cpu_seconds, done.peak_memory_bytes, done.peak_gpu_memory_bytes,
            ),
        )  # fmt: skip

    def of(self, modules: Collection[str]) -> dict[str, list[Measurement]]:
        """What is known of these module versions (id and version)."""
        found: dict[str, list[Measurement]] = {}
        for module in modules:
            rows = self._db.all(
                "SELECT size, recipe, target, at, seconds, cpu_seconds, memory, gpu_memory"
                " FROM measurement WHERE module=?",
                (module,),
            )
            found[module] = [
                Measurement(
                    size=size, recipe=recipe, target=target, at=at, seconds=seconds,
                    cpu_seconds=cpu, memory_bytes=memory, gpu_memory_bytes=gpu,
                )
                for size, recipe, target, at, seconds, cpu, memory, gpu in rows
            ]  # fmt: skip
        return found


def size_class(input_bytes: int) -> int:
    """Sizes of one class differ by less than a factor of two.

    >>> [size_class(size) for size in (0, 1, 1000, 1900, 1 << 20)]
    [0, 1, 10, 11, 21]
    """
    return input_bytes.bit_length()
