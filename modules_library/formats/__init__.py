"""Table files: reading what people have, writing what other programs read."""

from modules_library.formats.arff import read_arff
from modules_library.formats.columnar import read_arrow, read_parquet
from modules_library.formats.delimited import DEFAULT_MISSING, TextOptions, read_delimited
from modules_library.formats.delimiter import DELIMITERS, guess_delimiter
from modules_library.formats.encoding import Encoding, decoded
from modules_library.formats.heads import Head, read_heads
from modules_library.formats.inference import MixedColumn, infer_types
from modules_library.formats.json_lines import read_json_lines
from modules_library.formats.spreadsheet import read_excel
from modules_library.formats.svmlight import read_svmlight
from modules_library.formats.table_files import FileOptions, format_of, read_files
from modules_library.formats.writing import FileFormat, suffix_of, write_table

__all__ = [
    "DEFAULT_MISSING",
    "DELIMITERS",
    "Encoding",
    "FileFormat",
    "FileOptions",
    "Head",
    "MixedColumn",
    "TextOptions",
    "decoded",
    "format_of",
    "guess_delimiter",
    "infer_types",
    "read_arff",
    "read_arrow",
    "read_delimited",
    "read_excel",
    "read_files",
    "read_heads",
    "read_json_lines",
    "read_parquet",
    "read_svmlight",
    "suffix_of",
    "write_table",
]
