import pytest

from designer.services.read_worker.kept_rows import KeptRows
from designer.services.read_worker.log_query import LogQuery
from designer.services.read_worker.log_search import log_of, matching, next_hit, search
from designer.services.read_worker.turns import Turn
from runtime.errors import DataError


@pytest.fixture
def look(tmp_path):
    """Searches a log that holds a text; gives the numbers of the lines found."""
    kept = KeptRows(tmp_path / "kept")
    path = tmp_path / "out.log"

    def found(text, query, *, seconds=10.0):
        with path.open("ab") as file:
            file.write(text)
        with log_of(path) as log:
            return search(kept, log, query, Turn(), seconds=seconds)

    return found


TEXT = b"an Error here\nnothing\nERROR 12\n\xff\x00 binary error\nthe end error"


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        (LogQuery("error"), [0, 2, 3, 4]),
        (LogQuery("ERROR", has_case=True), [2]),
        (LogQuery(r"^error \d+$", is_regex=True), [2]),
        (LogQuery(r"error$", is_regex=True, has_case=True), [3, 4]),
        (LogQuery(".", has_case=True), []),
    ],
)
def test_lines_are_found_by_text_and_by_expression(look, query, numbers):
    assert list(look(TEXT, query).numbers) == numbers


def test_a_log_that_has_grown_is_searched_on(look):
    assert list(look(b"a\nb\nunfinished a", LogQuery("a")).numbers) == [0, 2]
    assert list(look(b" line\na\n", LogQuery("a")).numbers) == [0, 2, 3]


def test_a_search_whose_time_is_up_goes_on_with_the_next(look):
    text = b"".join(b"%099d\n" % number for number in range(100_000))
    first = look(text, LogQuery("7"), seconds=-1)
    assert 0 < first.scanned_lines < 100_000
    again = look(b"", LogQuery("7"))
    assert again.scanned_lines == 100_000
    assert len(again.numbers) == sum("7" in str(number) for number in range(100_000))


def test_the_next_line_found_is_looked_for_around_the_end(look):
    hits = look(b"a\nb\na\nb\n", LogQuery("a"))
    assert next_hit(hits, 1, backwards=False) == {"hit": 1, "line": 2}
    assert next_hit(hits, 3, backwards=False) == {"hit": 0, "line": 0}
    assert next_hit(hits, 0, backwards=True) == {"hit": 1, "line": 2}


def test_what_is_no_expression_is_refused(look):
    with pytest.raises(DataError) as raised:
        look(b"a\n", LogQuery("(", is_regex=True))
    assert raised.value.code == "D009"


def test_lines_that_fit_are_given_with_their_text(tmp_path):
    path = tmp_path / "out.log"
    path.write_bytes(TEXT)
    with log_of(path) as log:
        assert list(matching(log, LogQuery("error", has_case=True))) == [
            (3, b"\xff\x00 binary error"),
            (4, b"the end error"),
        ]
