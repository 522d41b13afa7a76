"""The schema worker: a process that answers, that can change nothing, and that may be lost."""

import contextlib
import os
import select
import signal
import time

import msgspec
import pytest

from runtime.targets.no_effects import forbid_effects
from runtime.targets.process import start_time
from runtime.targets.schema_worker import NoAnswerError, SchemaWorker

ANSWERERS = "tests.runtime.targets.answerers"


class Asked(msgspec.Struct):
    place: str = ""


@pytest.fixture
def worker():
    worker = SchemaWorker((), answer_s=20)
    yield worker
    worker.close()


def ask(worker, name, **argument):
    return msgspec.json.decode(worker.ask(f"{ANSWERERS}:{name}", Asked(**argument)))


def test_a_question_is_answered_by_the_named_function_in_another_process(worker):
    assert ask(worker, "echo", place="here") == {"place": "here"}
    assert ask(worker, "pid") == worker.pid != os.getpid()


def test_one_process_answers_one_question_after_the_other(worker):
    assert len({ask(worker, "pid") for _ in range(5)}) == 1


@pytest.mark.parametrize("end", ["crash", "leave"])
def test_a_process_that_ends_costs_its_own_answer_only(worker, end):
    first = ask(worker, "pid")
    with pytest.raises(NoAnswerError, match="ended"):
        ask(worker, end)
    assert ask(worker, "pid") != first


def test_a_process_that_is_killed_while_nobody_asks_is_replaced_and_costs_no_answer(worker):
    first = ask(worker, "pid")
    os.kill(first, signal.SIGKILL)
    assert select.select([worker._worker], [], [], 10)[0], "it has ended"
    assert ask(worker, "pid") != first


def test_what_hangs_is_ended_when_its_time_is_over():
    worker = SchemaWorker((), answer_s=0.2)
    try:
        with pytest.raises(NoAnswerError, match=r"within 0\.2 s"):
            ask(worker, "hang")
        worker._answer_s = 20  # a fresh process, with time to be forked on a busy machine
        assert ask(worker, "echo", place="again") == {"place": "again"}
    finally:
        worker.close()


def test_a_fault_and_too_much_memory_end_the_answer_but_not_the_process(worker):
    first = ask(worker, "pid")
    with pytest.raises(NoAnswerError, match="ValueError"):
        ask(worker, "raise_fault")
    with pytest.raises(NoAnswerError, match="MemoryError"):
        ask(worker, "take_memory")
    with pytest.raises(NoAnswerError, match="AttributeError"):
        ask(worker, "no_such_function")
    assert ask(worker, "pid") == first


def test_what_is_printed_goes_nowhere(worker, capfd):
    assert ask(worker, "print_much") == "quiet"
    assert capfd.readouterr() == ("", "")


def test_a_lost_zygote_is_replaced(worker):
    first, zygote = ask(worker, "pid"), worker._zygote_pid
    os.kill(zygote, signal.SIGKILL)
    pid = first
    while pid == first:  # its worker goes with it, sooner or later
        with contextlib.suppress(NoAnswerError):
            pid = ask(worker, "pid")
    assert worker._zygote_pid != zygote
    assert ask(worker, "echo", place="new") == {"place": "new"}


def test_nothing_is_left_when_it_is_closed(worker):
    pid = ask(worker, "pid")
    zygote = worker._zygote_pid
    worker.close()
    assert start_time(zygote) == 0
    while start_time(pid):
        time.sleep(0.01)  # it was killed; the kernel takes its moment


def test_no_library_can_change_anything_in_a_guarded_process(worker, tmp_path):
    kept = tmp_path / "kept.txt"
    kept.write_text("as it was")
    tries = ask(worker, "effects", place=str(tmp_path))
    assert {name for name, ended in tries.items() if not ended.startswith("refused")} == set()
    assert kept.read_text() == "as it was"
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


def test_where_no_guard_can_be_set_up_guarded_questions_have_no_answer(monkeypatch):
    from runtime.targets import schema_loop

    question = schema_loop.Question(
        function=f"{ANSWERERS}:echo", argument=msgspec.Raw(b"1"), guarded=True
    )
    assert schema_loop._answer(question, is_guarded=False).fault
    assert not schema_loop._answer(question, is_guarded=True).fault
    monkeypatch.setattr(os, "uname", lambda: os.uname_result(("Linux", "", "", "", "riscv64")))
    assert forbid_effects() is False
