"""What is kept of an exception that people's code raised, however odd it is."""

import msgspec
import pytest

from runtime.error_boundary import describe
from runtime.errors import DataError
from runtime.model import Entry, ErrorRecord, StepRequest

REQUEST = StepRequest(
    run_id="r",
    step_id="s",
    attempt=1,
    fence=1,
    entry=Entry(executor="x:y", source=__file__, function="f"),
    module="custom.own",
    version="draft",
    digest="b3:00",
    folder="/tmp",
)


class MuteError(Exception):
    def __str__(self):
        raise RuntimeError("no words")


class Puzzling:
    @property
    def shape(self):
        raise RuntimeError("no shape")


def record_of(exc, puzzling=None):
    try:
        if exc is not puzzling:
            raise exc
    except Exception as caught:  # noqa: BLE001 - what the boundary does
        return describe(caught, REQUEST)


def sent(record):
    """The record after its way between processes."""
    return msgspec.json.decode(msgspec.json.encode(record), type=ErrorRecord)


@pytest.mark.parametrize("text", ["half \udc80 letter", "zero \x00 byte", "<script>"])
def test_a_message_of_any_letters_survives_the_way_between_processes(text):
    record = sent(record_of(ValueError(text)))
    assert record.code == "M008"
    assert record.message.startswith(f"ValueError: {text[:4]}")
    assert record.frames[-1]["file"] == __file__


def test_a_message_without_end_is_cut():
    assert len(record_of(ValueError("x" * 1_000_000)).message) == 2000
    assert len(record_of(DataError("D003", "x" * 1_000_000)).message) == 2000


def test_an_exception_that_has_no_words_keeps_its_kind():
    assert sent(record_of(MuteError())).message == "MuteError: (its text cannot be made)"


def test_a_value_that_cannot_be_looked_at_is_named_by_its_kind():
    record = sent(record_of(ValueError("odd"), Puzzling()))
    assert record.frames[-1]["values"]["puzzling"] == "Puzzling"


def test_details_that_json_does_not_know_are_told_as_text():
    record = sent(record_of(DataError("D008", "No.", column=b"\xff", rows={1}, at=(1, None))))
    assert record.details == {"column": "b'\\xff'", "rows": "{1}", "at": [1, None]}


@pytest.mark.parametrize("exc", [MemoryError(), SystemExit(3)])
def test_a_step_that_ran_out_of_memory_or_left_is_called_what_people_call_it(exc):
    named = describe(exc, msgspec.structs.replace(REQUEST, label="Clean the table"))
    assert named.code in ("R002", "M010") and named.message.startswith("'Clean the table' ")
    assert describe(exc, REQUEST).message.startswith("'custom.own' ")
