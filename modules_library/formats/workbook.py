"""A plain Excel workbook: one sheet, one header row, numbers, booleans, dates and text.

Source:
    ECMA-376 (Office Open XML), the parts that a workbook of one sheet must have. Written here
    because a table needs a hundredth of what the libraries for workbooks bring along.
"""

import math
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape

import polars as pl

from runtime.errors import DataError

MAX_ROWS, MAX_COLUMNS, MAX_TEXT = 1_048_576, 16_384, 32_767
_EPOCH = datetime(1899, 12, 30)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>",
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
    '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="4"><xf/><xf numFmtId="14" applyNumberFormat="1"/>'
    '<xf numFmtId="22" applyNumberFormat="1"/><xf numFmtId="21" applyNumberFormat="1"/></cellXfs>'
    "</styleSheet>",
}


def write_excel(frame: pl.DataFrame, path: Path) -> None:
    """Write a table as the only sheet of a workbook.

    Whole numbers beyond 15 digits, NaN and infinities become text, because Excel's numbers cannot
    hold them; longer texts than Excel takes are refused.

    Raises:
        DataError: D008 when the table or a text is larger than a sheet takes.
    """
    if frame.height >= MAX_ROWS or frame.width > MAX_COLUMNS:
        raise DataError(
            "D008",
            f"An Excel sheet takes {MAX_ROWS - 1:,} rows and {MAX_COLUMNS:,} columns, but the table "
            f"has {frame.height:,} and {frame.width:,}.",
            remedy="Choose Parquet or CSV.",
        )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _PARTS.items():
            archive.writestr(_entry(name), _HEAD + content)
        with archive.open(_entry("xl/worksheets/sheet1.xml"), "w", force_zip64=True) as sheet:
            for piece in _sheet(frame):
                sheet.write(piece.encode())


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _sheet(frame: pl.DataFrame) -> Iterator[str]:
    yield f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'
    yield f"<row>{''.join(_text(name) for name in frame.columns)}</row>"
    for row in frame.iter_rows():
        yield f"<row>{''.join(_cell(value) for value in row)}</row>"
    yield "</sheetData></worksheet>"


def _cell(value: object) -> str:
    match value:
        case None:
            return "<c/>"
        case bool():
            return f'<c t="b"><v>{int(value)}</v></c>'
        case int() if abs(value) < 10**15:
            return f"<c><v>{value}</v></c>"
        case float() if math.isfinite(value):
            return f"<c><v>{value!r}</v></c>"
        case datetime():
            return f'<c s="2"><v>{_serial(value.replace(tzinfo=None))!r}</v></c>'
        case date():
            return f'<c s="1"><v>{_serial(datetime.combine(value, time()))!r}</v></c>'
        case time():
            return f'<c s="3"><v>{_serial(datetime.combine(_EPOCH, value))!r}</v></c>'
        case Decimal() if len(value.as_tuple().digits) <= 15:
            return f"<c><v>{value}</v></c>"
    return _text(str(value))


def _serial(moment: datetime) -> float:
    """Days since the end of 1899, as Excel counts them."""
    return (moment - _EPOCH) / timedelta(days=1)


_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")


def _text(value: str) -> str:
    if len(value) > MAX_TEXT:
        raise DataError(
            "D008",
            f"An Excel cell takes {MAX_TEXT:,} characters, but a text has {len(value):,}.",
            remedy="Choose Parquet or CSV.",
        )
    safe = _FORBIDDEN.sub(lambda m: f"_x{ord(m[0][0]):04X}_" + m[0][1:], value)
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(safe)}</t></is></c>'
