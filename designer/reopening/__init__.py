"""Reopening a step of a run: a folder with its exact inputs, a script, a notebook, a debugger's way in."""

from designer.reopening.folder import Reopened, free_place, pack, reopen
from designer.reopening.reading import stored_plan, stored_subject
from designer.reopening.subject import Subject, subject_of

__all__ = [
    "Reopened",
    "Subject",
    "free_place",
    "pack",
    "reopen",
    "stored_plan",
    "stored_subject",
    "subject_of",
]
