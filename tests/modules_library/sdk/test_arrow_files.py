"""The stored table: the same content gives the same bytes, whatever its layout in memory."""

import datetime
import io
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules_library.sdk import ColumnRole, Roles
from modules_library.sdk.codecs import arrow_file
from modules_library.sdk.codecs.arrow_file import open_arrow, read_roles, write_arrow
from modules_library.sdk.codecs.hashed_file import HashedFile
from modules_library.sdk.codecs.table_values import arrow_of
from runtime.model.digest import digest_file


@pytest.fixture
def digest(tmp_path):
    def digest_of(value, roles=None):
        table, _ = arrow_of(value)
        return write_arrow(table, tmp_path / "t.arrow", roles=roles)[0]

    return digest_of


COLUMNS = {
    "number": [1, None, 3, 4],
    "real": [0.5, None, float("nan"), 2.0],
    "text": ["a", None, "", "long text that does not fit a view"],
    "flag": [True, None, False, True],
    "day": [datetime.date(2020, 1, 1), None, datetime.date(2021, 1, 1), None],
    "time": [datetime.datetime(2020, 1, 1, 12), None, None, datetime.datetime(2021, 1, 1)],
    "money": [Decimal("1.25"), None, Decimal("3.50"), Decimal("0")],
    "bytes": [b"a", None, b"", b"xyz"],
    "many": [[1, 2], None, [], [None]],
    "pair": [{"x": 1, "y": "a"}, None, {"x": None, "y": None}, {"x": 2, "y": "b"}],
    "nothing": [None] * 4,
}


@pytest.mark.parametrize("name", COLUMNS)
def test_chunks_and_slices_leave_no_trace_in_the_bytes(name, digest):
    frame = pl.DataFrame({name: COLUMNS[name]})
    whole = digest(frame)
    chunked = pl.concat([frame[:1], frame[1:3], frame[3:]], rechunk=False)
    sliced = pl.concat([frame, frame, frame])[4:8]
    assert digest(chunked) == whole
    assert digest(sliced) == whole
    arrow = frame.to_arrow()
    padded = pa.concat_tables([arrow, arrow, arrow]).combine_chunks().slice(4, 4)
    assert digest(padded) == whole


@pytest.mark.parametrize("name", COLUMNS)
def test_what_was_written_is_read(name, tmp_path):
    frame = pl.DataFrame({name: COLUMNS[name]})
    table, _ = arrow_of(frame)
    write_arrow(table, tmp_path / "t.arrow")
    assert pl.from_arrow(open_arrow(tmp_path / "t.arrow")).equals(frame)


def test_values_under_nulls_leave_no_trace(digest):
    def column(hidden):
        data = np.array([1.0, hidden, 3.0])
        buffers = [pa.py_buffer(b"\x05"), pa.py_buffer(data.tobytes())]
        return pa.table({"a": pa.Array.from_buffers(pa.float64(), 3, buffers)})

    assert digest(column(7.0)) == digest(column(np.nan))


def test_text_under_nulls_leaves_no_trace(digest):
    def column(hidden):
        offsets = np.array([0, 1, 1 + len(hidden)], dtype=np.int64)
        data = b"a" + hidden
        buffers = [pa.py_buffer(b"\x01"), pa.py_buffer(offsets.tobytes()), pa.py_buffer(data)]
        return pa.table({"a": pa.Array.from_buffers(pa.large_string(), 2, buffers)})

    assert digest(column(b"secret")) == digest(column(b""))


def test_spare_bits_leave_no_trace(digest):
    def column(bits):
        return pa.table({"a": pa.Array.from_buffers(pa.bool_(), 3, [None, pa.py_buffer(bits)])})

    assert digest(column(b"\x05")) == digest(column(b"\xfd"))


def test_batches_have_a_fixed_size(digest, monkeypatch, tmp_path):
    monkeypatch.setattr(arrow_file, "ROWS_PER_BATCH", 8)
    frame = pl.DataFrame({"a": [None if i % 3 else i for i in range(20)], "b": [True] * 20})
    whole = digest(frame)
    assert digest(pl.concat([frame[:5], frame[5:6], frame[6:]], rechunk=False)) == whole
    with pa.OSFile(str(tmp_path / "t.arrow")) as file:
        reader = pa.ipc.open_file(file)
        sizes = [reader.get_batch(i).num_rows for i in range(reader.num_record_batches)]
    assert sizes == [8, 8, 4]


def test_categories_are_stored_as_text_with_a_role(tmp_path):
    kinds = {"plain": pl.String, "categorical": pl.Categorical, "enum": pl.Enum(["b", "a"])}
    digests = set()
    for kind in kinds.values():
        frame = pl.DataFrame({"a": pl.Series(["a", "b", None, "a"], dtype=kind)})
        table, _ = arrow_of(frame)
        roles = Roles({"a": ColumnRole(categorical=True)}) if kind is pl.String else None
        digests.add(write_arrow(table, tmp_path / "t.arrow", roles=roles)[0])
        assert read_roles(tmp_path / "t.arrow").of("a").categorical
    assert len(digests) == 1


def test_every_library_gives_the_same_bytes(digest):
    frame = pl.DataFrame({"a": [1, 2, 3], "b": ["x", "y", "z"]})
    expected = digest(frame)
    assert digest(frame.lazy()) == expected
    assert digest(frame.to_arrow()) == expected
    assert digest(pd.DataFrame({"a": [1, 2, 3], "b": ["x", "y", "z"]})) == expected
    assert (
        digest(pa.table({"a": [1, 2, 3], "b": pa.array(["x", "y", "z"]).dictionary_encode()}))
        != expected
    ), "a dictionary brings the categorical role along"


def test_the_digest_is_that_of_the_file_and_an_empty_table_has_one(tmp_path):
    table, _ = arrow_of(pl.DataFrame({"a": [], "b": []}, schema={"a": pl.Int64, "b": pl.String}))
    digest, size = write_arrow(table, tmp_path / "t.arrow")
    assert digest == digest_file(tmp_path / "t.arrow")
    assert size == (tmp_path / "t.arrow").stat().st_size
    assert open_arrow(tmp_path / "t.arrow").num_rows == 0


@pytest.mark.parametrize("rows", [10, 1_000_000])
def test_a_file_is_hashed_while_it_is_written(tmp_path, rows):
    table = pa.table({"a": pa.array(range(rows)), "b": pa.array(["text"] * rows)})
    path = tmp_path / "t.arrow"
    assert write_arrow(table, path) == (digest_file(path), path.stat().st_size)
    assert open_arrow(path).column("b").to_pylist()[-1] == "text"


def test_no_more_room_is_kept_than_a_file_needs(tmp_path):
    with HashedFile(tmp_path / "t", capacity=1 << 25) as file:
        file.write(bytes(1 << 20))
    facts = (tmp_path / "t").stat()
    assert facts.st_size == file.size == 1 << 20
    assert facts.st_blocks * 512 < 1 << 21


@pytest.mark.parametrize("rows", [10, 1_000_000])
def test_a_full_disk_is_told(rows):
    with pytest.raises(OSError, match="No space left"):
        write_arrow(pa.table({"a": pa.array(range(rows))}), Path("/dev/full"))


def test_a_table_that_cannot_be_stored_says_why():
    with pytest.raises(ValueError, match="column 'a' holds Python objects"):
        arrow_of(pl.DataFrame({"a": pl.Series([object()], dtype=pl.Object)}))
    with pytest.raises(ValueError, match="the column name 'a' appears more than once"):
        arrow_of(pd.DataFrame([[1, 2]], columns=["a", "a"]))
    with pytest.raises(ValueError, match="a column mixes types"):
        arrow_of(pd.DataFrame({"a": [1, "x", io.StringIO()]}))
    assert arrow_of({"a": 1}) is None


def test_wide_integers_are_stored_as_decimals(tmp_path):
    table, _ = arrow_of(pl.DataFrame({"a": pl.Series([1, None, -(2**70)], dtype=pl.Int128)}))
    write_arrow(table, tmp_path / "t.arrow")
    assert open_arrow(tmp_path / "t.arrow")["a"].to_pylist() == [1, None, -(2**70)]


values = st.one_of(
    st.lists(st.none() | st.integers(-(2**60), 2**60), max_size=40),
    st.lists(st.none() | st.booleans(), max_size=40),
    st.lists(st.none() | st.text(max_size=20), max_size=40),
    st.lists(st.none() | st.floats(allow_nan=False), max_size=40),
    st.lists(st.none() | st.lists(st.none() | st.integers(0, 9), max_size=3), max_size=40),
)


@given(column=values, cut=st.integers(0, 40), offset=st.integers(0, 9))
@settings(max_examples=60, deadline=None)
def test_any_layout_of_the_same_values_gives_the_same_bytes(tmp_path_factory, column, cut, offset):
    folder = tmp_path_factory.mktemp("layout")
    whole = pa.table({"a": pa.array(column)})
    longer = pa.table({"a": pa.array(column[:offset] + column, type=whole["a"].type)})
    sliced = longer.slice(min(offset, len(column)))
    pieces = pa.concat_tables([sliced.slice(0, cut), sliced.slice(cut)])
    digests = {write_arrow(t, folder / "t.arrow")[0] for t in (whole, sliced, pieces)}
    assert len(digests) == 1
