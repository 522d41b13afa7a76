"""Tags and a note on runs: set, taken away, looked for."""

import re
import time
from collections.abc import Collection, Iterable, Sequence

from designer.services.push import PushHub
from designer.services.runs import RunService
from designer.store import Database
from designer.store.run_mark_store import RunMarks, RunMarkStore
from runtime.errors import RequestError
from runtime.model import Run

LONGEST_NOTE = 10_000
LONGEST_TAG = 60
MOST_TAGS = 50
_TAG = re.compile(rf"\w[\w.:/-]{{0,{LONGEST_TAG - 1}}}")


class RunMarkService:
    """The verbs on marks. No run sees them.

    Args:
        database: Where they lie; the runs themselves are the runner's.
        runs: Tells which runs there are.
        push: Told about every change.
    """

    def __init__(self, database: Database, runs: RunService, push: PushHub) -> None:
        self._database = database
        self._runs = runs
        self._push = push

    async def of(self, run_ids: Sequence[str]) -> dict[str, RunMarks]:
        """The marks of runs; those that have none are left out."""
        return await self._database.do(lambda session: RunMarkStore(session).of(run_ids))

    async def of_run(self, run_id: str) -> RunMarks:
        """The marks of one run. Raises RequestError R006 if there is no such run."""
        run = await self._runs.get(run_id)
        return (await self.of([run.id])).get(run.id, RunMarks())

    async def tags(self) -> dict[str, int]:
        """Every tag there is with the number of its runs."""
        return await self._database.do(lambda session: RunMarkStore(session).tags())

    async def tagged(self, tags: Collection[str]) -> list[str] | None:
        """The ids of the runs that have all of these tags; None where no tag is asked for."""
        if not tags:
            return None
        return await self._database.do(lambda session: RunMarkStore(session).tagged(tags))

    async def change(
        self,
        run_id: str,
        *,
        add: Iterable[str] = (),
        remove: Iterable[str] = (),
        note: str | None = None,
        author: str = "",
    ) -> RunMarks:
        """Give a run tags, take others away, write its note anew; None leaves the note.

        Raises:
            RequestError: R006 for an unknown run, A004 for a tag or a note that cannot be.
        """
        run = await self._runs.get(run_id)
        marks = await self._database.do(
            lambda session: change_marks(
                RunMarkStore(session), run, add=add, remove=remove, note=note, author=author
            )
        )
        self._push.publish({"kind": "run_marks", "run_id": run.id})
        return marks


def change_marks(
    store: RunMarkStore,
    run: Run,
    *,
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
    note: str | None = None,
    author: str = "",
) -> RunMarks:
    """The same inside a transaction. Raises RequestError A004 for a tag or a note that cannot be."""
    store.change_tags(run.id, add=[usable_tag(tag) for tag in add], remove=remove)
    if note is not None:
        store.set_note(run.id, usable_note(note), author=author, at=time.time())
    marks = store.of([run.id]).get(run.id, RunMarks())
    if len(marks.tags) > MOST_TAGS:
        raise _refused(f"A run has {MOST_TAGS} tags at most.", "Take a tag away first.")
    return marks


def usable_tag(text: str) -> str:
    """The tag as it is kept. Raises RequestError A004 for one that cannot be."""
    tag = text.strip().lower()
    if not _TAG.fullmatch(tag):
        raise _refused(
            f"'{text[:LONGEST_TAG]}' cannot be a tag.",
            f"Take letters, digits and - _ . : / without spaces, {LONGEST_TAG} at most.",
        )
    return tag


def usable_note(text: str) -> str:
    """The note as it is kept. Raises RequestError A004 for one that is too long."""
    note = text.replace("\r\n", "\n").strip()
    if len(note) > LONGEST_NOTE:
        raise _refused(
            f"A note has {LONGEST_NOTE:,} characters at most.",
            "Write it shorter, or in two places.",
        )
    return note


def searched(text: str) -> tuple[str, tuple[str, ...]]:
    """What is looked for in names, and the tags that are asked for with `tag:`.

    >>> searched("forest tag:baseline")
    ('forest', ('baseline',))
    """
    words = text.split()
    tags = tuple(dict.fromkeys(w[4:].lower() for w in words if w[:4] == "tag:" and w[4:]))
    return (" ".join(w for w in words if w[:4] != "tag:") if "tag:" in text else text), tags


def _refused(message: str, remedy: str) -> RequestError:
    return RequestError("A004", message, remedy=remedy)
