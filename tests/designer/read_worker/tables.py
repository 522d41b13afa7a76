"""Tables of every type that can be stored, with whatever people put into them."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import polars as pl
from hypothesis import strategies as st

TEXTS = st.one_of(
    st.sampled_from(
        ["", "a", "A", "ä", "Ä", "ß", "b\x00", "b", ":x=alert(1)", "NaN", "true", "12"]
    ),
    st.text(max_size=12),
    st.text(alphabet="ab", min_size=60, max_size=70),
)
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1))
FLOATS = st.one_of(st.floats(width=32), st.sampled_from([0.0, -0.0, float("nan"), 1.5, 1e300]))
TYPES = {
    "whole": (pl.Int64, st.one_of(st.integers(-(2**63), 2**63 - 1), st.integers(-3, 3))),
    "small": (pl.Int8, st.integers(-128, 127)),
    "large": (pl.UInt64, st.integers(0, 2**64 - 1)),
    "real": (pl.Float64, FLOATS),
    "short": (pl.Float32, FLOATS.filter(lambda x: abs(x) < 1e38 or x != x or x in (1e38,))),
    "text": (pl.String, TEXTS),
    "few": (pl.String, st.sampled_from(["low", "high", "middle"])),
    "truth": (pl.Boolean, st.booleans()),
    "day": (pl.Date, st.dates(date(1900, 1, 1), date(2200, 1, 1))),
    "moment": (pl.Datetime("us"), MOMENTS),
    "second": (pl.Datetime("ms"), MOMENTS.map(lambda moment: moment.replace(microsecond=0))),
    "clock": (pl.Time, st.times()),
    "span": (pl.Duration("us"), st.timedeltas(timedelta(days=-900), timedelta(days=900))),
    "price": (pl.Decimal(12, 2), st.integers(-(10**9), 10**9).map(lambda n: Decimal(n) / 100)),
    ":x=alert(1)": (pl.Int64, st.integers(0, 5)),
    "größe <b>": (pl.Float64, st.floats(0, 1)),
}
OPAQUE = {
    "list": (pl.List(pl.Int64), st.lists(st.integers(0, 9), max_size=3)),
    "record": (pl.Struct({"a": pl.Int64}), st.fixed_dictionaries({"a": st.integers(0, 9)})),
    "bytes": (pl.Binary, st.binary(max_size=5)),
}


@st.composite
def frames(draw, *, most_rows=40, types=TYPES):
    """A frame with some columns of each type, with missing values."""
    names = draw(st.lists(st.sampled_from(sorted(types)), min_size=1, max_size=5, unique=True))
    rows = draw(st.integers(0, most_rows))
    columns = []
    for name in names:
        dtype, values = types[name]
        column = draw(st.lists(st.none() | values, min_size=rows, max_size=rows))
        columns.append(pl.Series(name, column, dtype=dtype, strict=False))
    return pl.DataFrame(columns)


def store(frame, path, *, batch=7):
    """Write a frame as a stored table in small parts; gives the path."""
    import pyarrow as pa

    from modules_library.sdk.codecs.arrow_file import canonical

    table, _ = canonical(frame.to_arrow(compat_level=pl.CompatLevel.oldest()))
    with pa.ipc.new_file(str(path), table.schema) as writer:
        writer.write_table(table.combine_chunks(), max_chunksize=batch)
    return path


__all__ = ["OPAQUE", "TYPES", "datetime", "frames", "store", "time"]
