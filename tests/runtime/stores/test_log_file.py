import os

import pytest

from runtime.stores.log_file import LogFile

BLOCK = 128 << 10


@pytest.fixture
def written(tmp_path):
    """Writes a log; gives it opened."""
    path = tmp_path / "out.log"

    def write(data):
        with path.open("ab") as file:
            file.write(data)
        return LogFile(path)

    return write


def numbered(count):
    return b"".join(b"line %d\n" % number for number in range(count))


def test_any_line_is_found_by_its_number(written):
    log = written(numbered(60_000))
    assert log.path.stat().st_size > 4 * BLOCK
    for first in (0, 1, 17_000, 30_123, 59_998):
        found = log.lines(first, 2)
        assert found.lines == (f"line {first}", f"line {first + 1}")
    assert log.lines(-3, 10).lines == ("line 59997", "line 59998", "line 59999")
    assert log.lines(60_000, 5).lines == ()
    assert (log.total, log.lines(0, 1).is_whole) == (60_000, True)


def test_the_lines_of_a_log_that_grows_are_counted_on(written):
    log = written(b"one\ntw")
    assert (log.lines(0, 9).lines, log.total) == (("one", "tw"), 2)
    written(b"o\nthree\n")
    assert (log.lines(1, 9).lines, log.total) == (("two", "three"), 3)


def test_a_log_that_is_not_there_has_no_lines(tmp_path):
    found = LogFile(tmp_path / "nothing").lines(0, 5)
    assert (found.lines, found.total, found.is_whole) == ((), 0, True)


def test_of_a_long_line_only_the_beginning_is_read(written):
    log = written(b"a\n" + b"x" * (3 * BLOCK) + b"\nb\n")
    found = log.lines(0, 3, longest=10)
    assert found.lines == ("a", "x" * 10, "b")
    assert found.long == {1: 3 * BLOCK}


def test_what_a_line_overwrites_and_what_cannot_be_read_is_shown_as_a_terminal_would(written):
    log = written(
        b"  0%\r 50%\r100%\r\n" + b"nul \x00 bad \xff esc \x1b[1m\n" + b"y" * 99 + b"\rend\n"
    )
    assert log.lines(0, 3, longest=50).lines == ("100%", "nul \u2400 bad \ufffd esc \x1b[1m", "end")


def test_counting_that_takes_too_long_goes_on_with_the_next_question(written):
    log = written(numbered(60_000))
    found = log.lines(0, 1, seconds=-1)
    assert not found.is_whole
    assert found.total == 0
    assert log.lines(0, 1).total == 60_000


def test_what_was_counted_of_a_large_log_is_kept_beside_it(written):
    log = written(b"0123456789abcde\n" * (3 << 20))
    log.count()
    log.close()
    with LogFile(log.path) as again:
        assert not again.count(seconds=-1) or again.total == 3 << 20
        assert again.total >= (3 << 20) - BLOCK


def test_the_last_lines_are_found_from_the_end(written):
    log = written(numbered(60_000) + b"open")
    for count, wanted in (
        (1, "open"),
        (2, "line 59999"),
        (20_000, "line 40001"),
        (99_999, "line 0"),
    ):
        with log.path.open("rb") as file:
            file.seek(log.start_of_last(count))
            assert file.readline().decode().strip() == wanted


def test_chunks_are_whole_lines_in_order(written):
    log = written(numbered(60_000) + b"z" * BLOCK * 2 + b"\nend")
    chunks = list(log.chunks(0, BLOCK))
    assert b"".join(chunks) == log.path.read_bytes()
    assert all(chunk.endswith(b"\n") for chunk in chunks[:-1])


def test_another_file_of_the_same_name_is_another_log(written, tmp_path):
    log = written(numbered(10))
    assert log.lines(0, 1).total == 10
    other = tmp_path / "other"
    other.write_bytes(b"new\n")
    os.replace(other, log.path)
    assert log.lines(0, 5).lines == ("new",)
