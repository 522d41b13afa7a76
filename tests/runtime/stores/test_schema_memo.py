"""Answers about schemas outlive the process; whatever happens to the file, nobody else is hurt."""

import sqlite3

import pytest

from runtime.stores.schema_memo import KEEP_S, SchemaMemo


@pytest.fixture
def path(tmp_path):
    return tmp_path / "cache" / "schemas.db"


def test_an_answer_is_there_for_the_next_process(path):
    memo = SchemaMemo(path)
    assert memo.get("k") is None
    memo.put("k", b"answer")
    memo.put("k", b"newer")
    memo.close()
    assert SchemaMemo(path).get("k") == b"newer"


def test_two_processes_share_the_file(path):
    one, other = SchemaMemo(path), SchemaMemo(path)
    one.put("k", b"1")
    assert other.get("k") == b"1"


def test_without_a_file_nothing_is_kept():
    memo = SchemaMemo(None)
    memo.put("k", b"1")
    assert memo.get("k") is None
    memo.close()


def test_what_nobody_used_for_long_is_dropped_and_what_is_used_stays(path):
    memo = SchemaMemo(path, clock=lambda: 0.0)
    memo.put("unused", b"1")
    memo.put("used", b"2")
    memo.close()
    memo = SchemaMemo(path, clock=lambda: KEEP_S - 10)
    assert memo.get("used") == b"2"
    memo.close()
    memo = SchemaMemo(path, clock=lambda: KEEP_S + 10)
    assert memo.get("unused") is None and memo.get("used") == b"2"


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100])
def test_a_damaged_file_is_made_anew(path, content):
    SchemaMemo(path).close()
    path.write_bytes(content)
    memo = SchemaMemo(path)
    memo.put("k", b"1")
    assert memo.get("k") == b"1"


def test_a_file_that_breaks_while_it_is_open_costs_the_answers_only(path, caplog):
    memo = SchemaMemo(path)
    memo.put("k", b"1")
    with sqlite3.connect(path) as other:
        other.execute("DROP TABLE answer")
    assert memo.get("k") is None
    memo.put("k", b"2")
    assert memo.get("k") is None
    assert "no longer kept" in caplog.text
