"""Named versions: revisions that people gave a name, and that nothing replaces."""

from collections.abc import Sequence

import msgspec
from sqlmodel import Session, col, select

from designer.store.rows import NamedVersionRow
from runtime.errors import RequestError, close_matches


class NamedVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A revision that a person gave a name.

    Attributes:
        id: Of the naming; the revision may have several names.
        description: What is special about it.
    """

    id: int = 0
    revision: int
    name: str
    author: str
    at: float
    description: str = ""


class VersionStore:
    """What is asked of the table of named versions, inside one transaction of `Database.do`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, pipeline_id: str, version: NamedVersion) -> NamedVersion:
        """Give a revision a name. Raises RequestError S008 when the name is taken."""
        self._check_free(pipeline_id, version.name)
        values = msgspec.structs.asdict(version) | {"id": None}
        row = NamedVersionRow(pipeline_id=pipeline_id, **values)
        self._session.add(row)
        self._session.flush()
        return _version(row)

    def change(
        self, pipeline_id: str, version_id: int, *, name: str, description: str
    ) -> NamedVersion:
        """Give a named version another name and description.

        Raises:
            RequestError: S006 for a version that is not there, S008 when the name is taken.
        """
        row = next((row for row in self._rows(pipeline_id) if row.id == version_id), None)
        if row is None:
            raise _no_version(str(version_id), [])
        self._check_free(pipeline_id, name, but=version_id)
        row.name, row.description = name, description
        self._session.add(row)
        return _version(row)

    def all(self, pipeline_id: str) -> list[NamedVersion]:
        """The named versions of a pipeline, newest first."""
        return [_version(row) for row in self._rows(pipeline_id)]

    def find(self, pipeline_id: str, name: str) -> NamedVersion:
        """The version of a name. Raises RequestError S006 if there is none."""
        versions = self.all(pipeline_id)
        found = next((version for version in versions if version.name == name), None)
        if found is None:
            raise _no_version(name, [version.name for version in versions])
        return found

    def _rows(self, pipeline_id: str) -> Sequence[NamedVersionRow]:
        query = (
            select(NamedVersionRow)
            .where(NamedVersionRow.pipeline_id == pipeline_id)
            .order_by(col(NamedVersionRow.id).desc())
        )
        return self._session.exec(query).all()

    def _check_free(self, pipeline_id: str, name: str, *, but: int = 0) -> None:
        if any(one.name == name and one.id != but for one in self.all(pipeline_id)):
            raise RequestError(
                "S008",
                f"There is a version called '{name}' already.",
                remedy="Choose another name; a named version is never replaced.",
            )


def _no_version(name: str, names: list[str]) -> RequestError:
    return RequestError(
        "S006",
        f"There is no version '{name}'.{close_matches(name, names)}",
        remedy="Choose one from the pipeline's history.",
    )


def _version(row: NamedVersionRow) -> NamedVersion:
    return NamedVersion(
        id=row.id or 0,
        revision=row.revision,
        name=row.name,
        author=row.author,
        at=row.at,
        description=row.description,
    )
