"""A step of a run as the run store remembers it."""

import msgspec

from designer.reopening.subject import Subject, subject_of
from runtime.errors import InfrastructureError
from runtime.model import Plan, Run
from runtime.stores.run_store import SqliteRunStore


def stored_subject(store: SqliteRunStore, run: Run, step: str) -> Subject:
    """The step of a run to reopen.

    Raises:
        RequestError: R006 or R009 as `subject_of` says.
        InfrastructureError: S003 if the run's plan is gone or damaged.
    """
    return subject_of(run, stored_plan(store, run), step)


def stored_plan(store: SqliteRunStore, run: Run) -> Plan:
    """What a run executes. Raises InfrastructureError S003 if it is gone or damaged."""
    try:
        return msgspec.json.decode(store.plan(run.id) or b"", type=Plan)
    except (msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise InfrastructureError(
            "S003",
            f"The plan of run '{run.id}' is damaged: {exc}.",
            remedy="Open the pipeline instead; the run's results can still be looked at.",
        ) from exc
