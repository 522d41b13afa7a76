"""Tables as Arrow IPC files: the same content gives the same bytes, reading copies nothing.

What makes the bytes accidental is removed before writing: chunk layouts and slices (batches have a
fixed size), values under nulls, spare bits, schema metadata of other libraries, and types that
only some libraries understand:

| given | stored |
|---|---|
| string, string view | large string |
| categorical, enum, any dictionary | large string, and the column's role says `categorical` |
| binary, binary view | large binary |
| list, list view | large list, items likewise |
| half float | float |

Source: Apache Arrow columnar format 1.5, "IPC File Format".
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc

from modules_library.sdk.codecs.hashed_file import HashedFile
from modules_library.sdk.table import ColumnRole, Roles
from runtime.model.digest import canonical_json

ROWS_PER_BATCH = 524_288
"""Fixed, because it is part of the bytes; a multiple of 8, so that bitmaps are cut at bytes."""

ROLES = b"designer.roles"
_OPTIONS = pa.ipc.IpcWriteOptions(compression=None, emit_dictionary_deltas=False)


def write_arrow(table: pa.Table, path: Path, *, roles: Roles | None = None) -> tuple[str, int]:
    """Write a table with its roles; gives digest and size.

    One batch after the other is brought into its stored layout, so that memory is needed for one.
    """
    schema = stored_form(table.schema, roles or Roles())
    with (
        HashedFile(path, capacity=table.nbytes) as file,
        pa.ipc.new_file(file.for_arrow(), schema, options=_OPTIONS) as writer,
    ):
        for start in range(0, max(table.num_rows, 1), ROWS_PER_BATCH):
            part, _ = canonical(table.slice(start, ROWS_PER_BATCH))
            writer.write_table(part.combine_chunks(), max_chunksize=ROWS_PER_BATCH)
    return file.digest, file.size


def stored_form(schema: pa.Schema, roles: Roles) -> pa.Schema:
    """The columns as they are stored, with the roles that are stored beside them."""
    stored, implied = _stored_schema(schema)
    metadata = _metadata(_merged(implied, roles, schema.names))
    return stored.with_metadata(metadata) if metadata else stored


def open_arrow(path: Path) -> pa.Table:
    """The table of a file, memory-mapped: nothing is read before it is used."""
    return pa.ipc.open_file(pa.memory_map(str(path))).read_all()


def roles_of(schema: pa.Schema) -> Roles:
    """The roles that a file's schema carries."""
    data = (schema.metadata or {}).get(ROLES)
    if not data:
        return Roles()
    return Roles(msgspec.json.decode(data, type=dict[str, ColumnRole]))


def read_roles(path: Path) -> Roles:
    """The roles in a file, without touching its data."""
    return roles_of(pa.ipc.open_file(pa.memory_map(str(path))).schema)


def canonical(table: pa.Table) -> tuple[pa.Table, Roles]:
    """The same content in the one layout we store, and the roles that its types imply."""
    schema, implied = _stored_schema(table.schema)
    columns = [_canonical_column(column) for column in table.columns]
    return pa.Table.from_arrays(columns, schema=schema), implied


def _stored_schema(schema: pa.Schema) -> tuple[pa.Schema, Roles]:
    """The columns with the types that are stored, and the roles that the given types imply."""
    fields = [pa.field(field.name, stored_type(field.type)) for field in schema]
    roles = {
        field.name: ColumnRole(categorical=True)
        for field in schema
        if pa.types.is_dictionary(field.type)
    }
    return pa.schema(fields), Roles(roles)


def stored_type(kind: pa.DataType) -> pa.DataType:
    """The type that values of a type are stored as."""
    types = pa.types
    if types.is_dictionary(kind):
        return stored_type(kind.value_type)
    if types.is_string(kind) or types.is_string_view(kind):
        return pa.large_string()
    if types.is_binary(kind) or types.is_binary_view(kind):
        return pa.large_binary()
    if types.is_list(kind) or types.is_large_list(kind) or types.is_list_view(kind):
        return pa.large_list(pa.field("item", stored_type(kind.value_type)))
    if types.is_fixed_size_list(kind):
        return pa.list_(pa.field("item", stored_type(kind.value_type)), kind.list_size)
    if types.is_struct(kind):
        return pa.struct([pa.field(f.name, stored_type(f.type)) for f in kind])
    return pa.float32() if types.is_float16(kind) else kind


def _canonical_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    target = stored_type(column.type)
    if column.type != target:
        column = column.cast(target)
    if pa.types.is_nested(target):
        return _rebuilt(column)
    if pa.types.is_boolean(target) or column.null_count:
        return pa.chunked_array(
            [_without_accidents(_cut(column, start)) for start in _starts(column)], type=target
        )
    return column


def _starts(column: pa.ChunkedArray) -> range:
    return range(0, max(len(column), 1), ROWS_PER_BATCH)


def _cut(column: pa.ChunkedArray, start: int) -> pa.Array:
    """One batch as one array that starts at zero."""
    part = column.slice(start, ROWS_PER_BATCH)
    return part.chunk(0) if part.num_chunks == 1 else pa.concat_arrays(part.chunks)


def _rebuilt(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Nested columns are built anew from their values, batch by batch."""
    parts = [
        pa.array(column.slice(start, ROWS_PER_BATCH).to_pylist(), type=column.type)
        for start in _starts(column)
    ]
    return pa.chunked_array(parts, type=column.type)


def _without_accidents(array: pa.Array) -> pa.Array:
    """Zeros under nulls and in spare bits."""
    if pa.types.is_null(array.type):
        return pa.nulls(len(array))
    nulls = array.null_count
    validity = _bits(array.is_valid()) if nulls else None
    filled = _filled(array) if nulls else array
    if pa.types.is_boolean(array.type):
        return pa.Array.from_buffers(array.type, len(array), [validity, _bits(filled)], nulls)
    buffers = filled.buffers()
    return pa.Array.from_buffers(
        array.type, len(array), [validity, *buffers[1:]], nulls, filled.offset
    )


def _filled(array: pa.Array) -> pa.Array:
    """The values with zero, or an empty text, in place of nulls; its memory is its own."""
    kind = array.type
    if pa.types.is_large_string(kind):
        return pc.fill_null(array, "")
    if pa.types.is_large_binary(kind):
        return pc.fill_null(array, b"")
    if pa.types.is_boolean(kind):
        return pc.fill_null(array, False)
    width = kind.bit_width
    zero = pa.Array.from_buffers(kind, 1, [None, pa.py_buffer(bytes(width // 8))])[0]
    return pc.if_else(array.is_valid(), array, zero)


def _bits(array: pa.Array) -> pa.Buffer:
    """The bits of a boolean array without nulls, spare bits zero."""
    import numpy as np

    values: Any = array.to_numpy(zero_copy_only=False)
    return pa.py_buffer(np.packbits(values.astype(np.uint8), bitorder="little"))


def _merged(implied: Roles, given: Roles, columns: list[str]) -> Roles:
    """The given roles of these columns; where they leave it open, the types decide."""
    open_ = [name for name in implied if given.of(name).categorical is None]
    return given.keep(columns).changed(open_, categorical=True)


def _metadata(roles: Roles) -> dict[bytes, bytes] | None:
    if not roles:
        return None
    fields = {
        name: {k: v for k, v in vars(role).items() if v not in ("", None)}
        for name, role in roles.items()
    }
    return {ROLES: canonical_json(fields)}
