import csv
import io

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules_library.formats import TextOptions, guess_delimiter, infer_types, read_delimited
from runtime.errors import DataError


def read(text, **options):
    data = text if isinstance(text, bytes) else text.encode()
    return read_delimited(data, TextOptions(**options), name="file.csv")


def refused(text, **options):
    with pytest.raises(DataError) as caught:
        read(text, **options)
    assert caught.value.record.remedy
    return caught.value.record


cells = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")) | st.sampled_from('",;\n\t| '),
    max_size=8,
).filter(lambda text: text.strip() == text)


@given(
    st.integers(2, 4).flatmap(
        lambda width: st.lists(
            st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=8
        )
    ),
    st.sampled_from([",", ";", "\t", "|"]),
)
@settings(deadline=None, max_examples=150)
def test_what_pythons_csv_writes_is_read_back(rows, delimiter):
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(
        rows
    )
    frame = read(file.getvalue(), delimiter=delimiter, has_header=False)
    assert [list(row) for row in frame.iter_rows()] == rows


def test_names_are_made_unique_and_blank_ones_get_a_position():
    frame = read('a,a,,"x ""y""",:z,ü\n1,2,3,4,5,6\n')
    assert frame.columns == ["a", "a (1)", "col3", 'x "y"', ":z", "ü"]


def test_without_header_columns_are_numbered():
    assert read("1,2\n3,4\n", has_header=False).to_dict(as_series=False) == {
        "col1": ["1", "3"],
        "col2": ["2", "4"],
    }


def test_a_byte_order_mark_windows_line_ends_and_blank_lines_do_not_matter():
    frame = read("\ufeffa,b\r\n\r\n1,2\r\n\r\n3,4\r\n\r\n")
    assert frame.columns == ["a", "b"] and frame.rows() == [("1", "2"), ("3", "4")]


def test_a_header_alone_is_a_table_without_rows():
    frame = read("a,b\n")
    assert frame.columns == ["a", "b"] and frame.height == 0


@pytest.mark.parametrize("text", ["", "\n\n", "  \n", "\ufeff"])
def test_an_empty_file_is_d003(text):
    assert refused(text).code == "D003"


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1,5;2,5\n", ";"),
        ("a\tb\n1 000\t2\n", "\t"),
        ("a|b|c\n1|2|3\n", "|"),
        ("a,b;c\n1,2;3\n", ","),
        ('a;b\n"x,y";2\n', ";"),
        ("one\ntwo\n", ","),
        ("", ","),
    ],
)
def test_the_delimiter_is_found(text, sign):
    assert guess_delimiter(text) == sign


def test_a_wrong_delimiter_names_the_right_one():
    record = refused("a;b;c\n1;2;3\n", delimiter=",")
    assert record.code == "D003" and record.details["try_delimiter"] == ";"
    assert "Semicolon" in record.remedy and "3" in record.message


def test_one_column_is_no_wrong_delimiter():
    assert read("name\nAda\nGrace\n", delimiter=";").rows() == [("Ada",), ("Grace",)]


@pytest.mark.parametrize(
    ("text", "row", "found"),
    [
        ("a,b,c\n1,2,3\n4,5\n", 3, 2),
        ("a,b\n1,2\n3,4\n5,6,7\n", 4, 3),
        ('a,b\n"x\ny",2\n3\n', 3, 1),
    ],
)
def test_a_ragged_row_is_named(text, row, found):
    record = refused(text, delimiter=",")
    assert record.code == "D003" and record.details["row"] == row
    assert f"has {found} values" in record.message


def test_a_quote_that_is_never_closed_is_named():
    record = refused('a,b\n1,2\n3,"4\n5,6\n7,8\n')
    assert record.code == "D003" and record.details["row"] == 3


def test_a_line_break_in_the_last_row_is_no_open_quote():
    assert read('a,b\n1,"2\n3"\n').rows() == [("1", "2\n3")]


def test_bytes_that_are_not_utf8_are_named_with_encodings_to_try():
    data = b"name,n\nZ\xfcrich,1\n"
    record = refused(data)
    assert record.code == "D011" and record.details["position"] == 8
    assert "Windows-1252" in record.remedy and record.details["line"] == 2
    assert read(data, encoding="Latin-1")["name"].to_list() == ["Zürich"]
    assert read(data, encoding="UTF-8 lossy")["name"].to_list() == ["Z�rich"]


def test_a_late_byte_that_is_not_utf8_is_found_too():
    data = b"a,b\n" + b"1,2\n" * 200_000 + b"\xff,3\n"
    record = refused(data)
    assert record.code == "D011" and record.details["position"] == 4 + 4 * 200_000


@pytest.mark.parametrize(
    ("encoding", "codec", "text"),
    [
        ("UTF-16", "utf-16", "ü€漢"),
        ("Windows-1252", "cp1252", "ü€"),
        ("Latin-1", "latin-1", "üß"),
        ("Shift JIS", "shift_jis", "漢字"),
        ("GB 18030", "gb18030", "汉字"),
    ],
)
def test_every_encoding_is_read(encoding, codec, text):
    assert read(f"a,b\n{text},1\n".encode(codec), encoding=encoding)["a"].to_list() == [text]


def test_utf16_read_as_utf8_is_d011_with_the_encoding_to_try():
    record = refused("a,b\n1,2\n".encode("utf-16"))
    assert record.code == "D011" and "UTF-16" in record.remedy


def test_a_windows_1252_byte_that_means_nothing_is_d011():
    record = refused(b"a,b\n\x81,1\n", encoding="Windows-1252")
    assert record.code == "D011" and record.details["position"] == 4


@pytest.mark.parametrize("data", [b"PK\x03\x04rest", b"PAR1....", b"ARROW1..", b"ab\x00cd,e\n" * 9])
def test_files_that_are_no_text_are_d003(data):
    assert refused(data).code == "D003"


def typed(values, missing=("", "NA")):
    found, mixed = infer_types(pl.DataFrame({"v": pl.Series(values, dtype=pl.String)}), missing)
    return found["v"], mixed


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        (["1", "-2", " 3 ", "", "NA"], pl.Int64),
        (["1", "2.5", "-1e-3", ""], pl.Float64),
        (["true", "FALSE", "", "True"], pl.Boolean),
        (["2024-01-02", ""], pl.Date),
        (["2024-01-02 03:04", "2024-01-02 03:05"], pl.Datetime("us")),
        (["2024-01-02T03:04:05", "2024-01-02T03:04:05.25"], pl.Datetime("us")),
        (["2024-01-02T03:04:05Z", "2024-01-02T03:04:05+02:00"], pl.Datetime("us", "UTC")),
        (["007", "008"], pl.String),
        (["0.5", "0"], pl.Float64),
        (["12345678901234567890", "1"], pl.String),
        (["9223372036854775807"], pl.Int64),
        (["a", "b"], pl.String),
        (["", "NA"], pl.String),
        (["2024-13-45"], pl.String),
        (["0", "1"], pl.Int64),
    ],
)
def test_a_columns_type_comes_from_all_of_its_values(values, dtype):
    column, mixed = typed(values)
    assert column.dtype == dtype and mixed == ()
    assert column.null_count() == sum(value in ("", "NA") for value in values)


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1))
@settings(deadline=None)
def test_whole_numbers_are_read_back(values):
    assert typed([str(v) for v in values])[0].to_list() == values


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
@settings(deadline=None)
def test_numbers_are_read_back_to_the_last_bit(values):
    column = typed([repr(float(v)) for v in values])[0]
    assert column.cast(pl.Float64).to_list() == values


def test_a_late_text_makes_a_mixed_column_and_is_named():
    column, mixed = typed(["1", "", "2", "many", "few", "3"])
    assert column.dtype == pl.String
    (found,) = mixed
    assert (found.row, found.value, found.numbers, found.others) == (4, "many", 3, 2)


def test_a_text_column_with_some_numbers_is_not_mixed():
    assert typed(["a", "b", "1"])[1] == ()


def test_utf8_read_as_latin_1_is_mojibake_and_refused():
    record = refused("city,n\nZürich,1\n".encode(), encoding="Latin-1")
    assert record.code == "D011" and record.details["position"] == 8
    assert "'ü'" in record.message and "UTF-8" in record.remedy


def test_without_missing_texts_an_empty_value_is_a_text():
    column, _ = typed(["a", ""], missing=())
    assert column.to_list() == ["a", ""]
