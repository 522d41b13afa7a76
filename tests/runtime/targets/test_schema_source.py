"""Who is asked, how often, and what is made of a silence."""

import pytest

from runtime.model import Entry, OutputPort, SchemaAnswer, SchemaRequest
from runtime.model.digest import canonical_json
from runtime.stores.schema_memo import SchemaMemo
from runtime.targets.schema_source import SILENT, SILENT_S, SchemaSource
from runtime.targets.schema_worker import NoAnswerError

REQUEST = SchemaRequest(
    entry=Entry(executor="", source="", function="", schema="package.module:answer"),
    module="m",
    digest="b3:1",
    outputs=(OutputPort(name="dataset", type="Table"),),
)


class Moody:
    """A worker that answers or does not, as it is told, and counts how often it is asked."""

    def __init__(self):
        self.asked = 0
        self.is_silent = False

    def ask(self, function, argument, *, guarded=True):
        self.asked += 1
        if self.is_silent:
            raise NoAnswerError("no answer within 5 s")
        return canonical_json(SchemaAnswer(why=f"answer {self.asked}"))

    def close(self):
        pass


@pytest.fixture
def worker():
    return Moody()


@pytest.fixture
def clock():
    return [0.0]


@pytest.fixture
def source(worker, clock):
    memo = SchemaMemo(None)
    return SchemaSource(memo, worker, stored_by="p:f", floor="", clock=lambda: clock[0])


def test_what_was_answered_once_is_not_asked_again(source, worker):
    assert source.ask(REQUEST) == source.ask(REQUEST) == SchemaAnswer(why="answer 1")
    assert worker.asked == 1


def test_a_silence_is_not_taken_for_the_last_word(source, worker, clock):
    worker.is_silent = True
    assert source.ask(REQUEST) == source.ask(REQUEST) == SchemaAnswer(why=SILENT)
    assert worker.asked == 1, "an edit elsewhere does not wait for it again"
    worker.is_silent = False
    clock[0] = SILENT_S
    assert source.ask(REQUEST) == SchemaAnswer(why="answer 2")
