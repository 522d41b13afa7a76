import os

import pytest

from runtime.execution import log_limit
from runtime.execution.log_limit import LogLimit
from runtime.stores.log_file import LogFile

MOST = 64 << 10


@pytest.fixture
def flood(tmp_path):
    """A log that has grown to several times its limit, held now and then."""
    path = tmp_path / "out.log"
    limit = LogLimit(str(path), MOST)
    with path.open("ab", buffering=0) as log:
        for number in range(40):
            log.write(b"".join(b"line %06d\n" % (number * 1000 + at) for at in range(1000)))
            limit.hold(path.stat().st_size)
    return path, limit


def test_a_flood_takes_no_more_disk_than_the_limit_while_it_goes_on(flood):
    path, _ = flood
    facts = path.stat()
    assert facts.st_size > 6 * MOST
    assert facts.st_blocks * 512 < MOST + (32 << 10)


def test_of_a_flood_the_beginning_and_the_end_are_kept_and_what_was_dropped_is_said(flood):
    path, limit = flood
    limit.finish()
    lines = path.read_text().splitlines()
    assert path.stat().st_size < MOST + 200
    assert (lines[0], lines[-1]) == ("line 000000", "line 039999")
    assert [line for line in lines if "printed here and dropped" in line]
    assert "\0" not in path.read_text()


def test_the_lines_of_a_flood_can_be_looked_at_while_its_middle_is_a_hole(flood):
    path, _ = flood
    with LogFile(path) as log:
        assert log.lines(0, 1).lines == ("line 000000",)
        assert log.lines(-1, 1).lines == ("line 039999",)
        assert log.has_hole
        assert any("[Dropped as the log grew" in line for line in log.lines(0, 5000).lines)


def test_where_no_hole_can_be_made_the_beginning_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(log_limit, "_punch_hole", lambda *_: False)
    path = tmp_path / "out.log"
    limit = LogLimit(str(path), MOST)
    with path.open("ab", buffering=0) as log:
        for _ in range(3):
            log.write(b"0123456789abcde\n" * (MOST // 16))
            limit.hold(os.stat(path).st_size)
    limit.finish()
    assert path.stat().st_size < MOST + 200
    assert path.read_text().splitlines()[-1].endswith("printed here and dropped.]")


def test_a_log_under_the_limit_is_left_alone(tmp_path):
    path = tmp_path / "out.log"
    path.write_bytes(b"x\n" * 100)
    limit = LogLimit(str(path), MOST)
    limit.hold(200)
    limit.finish()
    assert path.read_bytes() == b"x\n" * 100
