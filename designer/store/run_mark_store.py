"""What people say of runs: tags, and a note."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec
from sqlalchemy import func
from sqlmodel import Session, col, delete, select

from designer.store.rows import RunNoteRow, RunTagRow

_AT_ONCE = 500


class RunMarks(msgspec.Struct, frozen=True, kw_only=True):
    """The tags and the note of one run.

    Attributes:
        tags: In alphabetical order.
        note_by: Who wrote the note last.
    """

    tags: tuple[str, ...] = ()
    note: str = ""
    note_by: str = ""
    note_at: float | None = None


class RunMarkStore:
    """What is asked of the tables of marks, inside one transaction of `Database.do`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, run_ids: Sequence[str]) -> dict[str, RunMarks]:
        """The marks of runs; those that have none are left out."""
        tags: dict[str, list[str]] = defaultdict(list)
        notes: dict[str, RunNoteRow] = {}
        for part in _parts(run_ids):
            of_these = col(RunTagRow.run_id).in_(part)
            for tagged in self._session.exec(
                select(RunTagRow).where(of_these).order_by(col(RunTagRow.tag))
            ):
                tags[tagged.run_id].append(tagged.tag)
            query = select(RunNoteRow).where(col(RunNoteRow.run_id).in_(part))
            notes |= {noted.run_id: noted for noted in self._session.exec(query)}
        return {run_id: _marks(tags[run_id], notes.get(run_id)) for run_id in {*tags, *notes}}

    def change_tags(self, run_id: str, *, add: Iterable[str], remove: Iterable[str]) -> None:
        """Give a run tags and take others away; one that it has, or has not, stays so."""
        self._session.exec(
            delete(RunTagRow).where(
                col(RunTagRow.run_id) == run_id, col(RunTagRow.tag).in_(list(remove))
            )
        )
        for tag in add:
            self._session.merge(RunTagRow(run_id=run_id, tag=tag))

    def set_note(self, run_id: str, text: str, *, author: str, at: float) -> None:
        """Write a run's note anew; an empty text takes it away."""
        if text:
            self._session.merge(RunNoteRow(run_id=run_id, text=text, author=author, at=at))
        else:
            self._session.exec(delete(RunNoteRow).where(col(RunNoteRow.run_id) == run_id))

    def tagged(self, tags: Collection[str]) -> list[str]:
        """The ids of the runs that have all of these tags."""
        query = (
            select(RunTagRow.run_id)
            .where(col(RunTagRow.tag).in_(tags))
            .group_by(col(RunTagRow.run_id))
            .having(func.count() == len(set(tags)))
        )
        return list(self._session.exec(query))

    def tags(self) -> dict[str, int]:
        """Every tag there is with the number of its runs, in alphabetical order."""
        query = select(RunTagRow.tag, func.count()).group_by(col(RunTagRow.tag))
        return dict(sorted(self._session.exec(query).all()))

    def marked(self) -> set[str]:
        """The ids of the runs that have a mark."""
        rows = (RunTagRow.run_id, RunNoteRow.run_id)
        return {run_id for row in rows for run_id in self._session.exec(select(row))}

    def forget(self, run_ids: Collection[str]) -> None:
        """Take the marks of runs away that are gone."""
        for part in _parts(sorted(run_ids)):
            self._session.exec(delete(RunTagRow).where(col(RunTagRow.run_id).in_(part)))
            self._session.exec(delete(RunNoteRow).where(col(RunNoteRow.run_id).in_(part)))


def _parts(run_ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (run_ids[at : at + _AT_ONCE] for at in range(0, len(run_ids), _AT_ONCE))


def _marks(tags: Sequence[str], note: RunNoteRow | None) -> RunMarks:
    if note is None:
        return RunMarks(tags=tuple(tags))
    return RunMarks(tags=tuple(tags), note=note.text, note_by=note.author, note_at=note.at)
