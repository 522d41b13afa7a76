"""What became of a pipeline's steps in its last runs, read in brief: a run may have many steps."""

from collections.abc import Collection, Iterator, Set
from contextlib import suppress

import msgspec

from runtime.model import TERMINAL, Scope, Status, StepCounts
from runtime.model.run import counts_of_endings
from runtime.stores.database import Database

_RECENT_RUNS = 50


class StepOutline(msgspec.Struct, frozen=True, gc=False):
    """What a step became, in brief."""

    step: str
    status: Status = "queued"
    reason: str = ""
    detail: str = ""


class _RunOutline(msgspec.Struct, frozen=True, gc=False):
    status: Status = "queued"
    scope: Scope = Scope()


class _Ending(msgspec.Struct, frozen=True, gc=False):
    status: Status = "queued"
    reused: bool = False


_decode_run = msgspec.json.Decoder(_RunOutline).decode
_decode_outline = msgspec.json.Decoder(StepOutline).decode
_decode_ending = msgspec.json.Decoder(_Ending).decode
_decode_endings = msgspec.json.Decoder(dict[int, _Ending]).decode
_decode_outlines = msgspec.json.Decoder(dict[int, StepOutline]).decode


class History:
    """The newest runs of each pipeline.

    Args:
        database: The database of runs.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    def latest_finished(
        self, pipeline_id: str, name: str, *, wanted: Set[str], before: int | None = None
    ) -> dict[str, int]:
        """For the wanted steps of a pipeline: the newest recent run that completed each.

        A pipeline without an id is known by its name.
        """
        latest: dict[str, int] = {}
        for number, _ in self._recent(pipeline_id, name, before=before):
            for step in self._outlines(number):
                if step.status == "completed":
                    latest.setdefault(step.step, number)
            if wanted <= latest.keys():
                break
        return latest

    def latest_outlines(self, pipeline_id: str, name: str) -> dict[str, StepOutline]:
        """How each step of a pipeline ended when it last ran, back to the last whole run."""
        latest: dict[str, StepOutline] = {}
        for number, record in self._recent(pipeline_id, name):
            run = _RunOutline()
            with suppress(msgspec.DecodeError, ValueError):
                run = _decode_run(record)
            if run.status in TERMINAL:
                for step in self._outlines(number):
                    latest.setdefault(step.step, step)
                if not run.scope.is_partial:
                    break
        return latest

    def counts(self, numbers: Collection[int]) -> dict[int, StepCounts]:
        """How many steps of each of these runs became what; steps with a damaged record failed.

        A run that has ended says so itself, unless it is older than that; this reads every step.
        """
        endings: dict[int, list[_Ending]] = {number: [] for number in numbers}
        marks = ",".join("?" * len(endings))
        for number, settled in self._db.all(
            f"SELECT number, settled FROM run WHERE number IN ({marks})", tuple(endings)
        ):
            with suppress(msgspec.DecodeError, ValueError):
                endings[number] += _decode_endings(settled).values()
        for number, record in self._db.all(
            f"SELECT run, record FROM step WHERE run IN ({marks})", tuple(endings)
        ):
            endings[number].append(_ending(record))
        return {
            number: counts_of_endings([(one.status, one.reused) for one in found])
            for number, found in endings.items()
        }

    def _recent(
        self, pipeline_id: str, name: str, *, before: int | None = None
    ) -> list[tuple[int, bytes]]:
        """Numbers and records of a pipeline's newest runs."""
        return self._db.all(
            "SELECT number, record FROM run WHERE pipeline_id=? AND (?1<>'' OR name=?)"
            " AND number<? ORDER BY number DESC LIMIT ?",
            (pipeline_id, name, before or 1 << 62, _RECENT_RUNS),
        )

    def _outlines(self, number: int) -> Iterator[StepOutline]:
        """The steps of a run without what makes their records large; damaged ones lack."""
        (settled,) = self._db.one("SELECT settled FROM run WHERE number=?", (number,)) or (b"{}",)
        with suppress(msgspec.DecodeError, ValueError):
            yield from _decode_outlines(settled).values()
        for (record,) in self._db.all("SELECT record FROM step WHERE run=?", (number,)):
            with suppress(msgspec.DecodeError, ValueError):
                yield _decode_outline(record)


def _ending(record: bytes) -> _Ending:
    try:
        return _decode_ending(record)
    except (msgspec.DecodeError, ValueError):
        return _Ending("failed")
