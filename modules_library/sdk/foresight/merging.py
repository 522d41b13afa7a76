"""What all answers agree on: it does not depend on what is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from modules_library.sdk.foresight.worlds import SURPRISE
from runtime.model import (
    ANY_NAME,
    ColumnSchema,
    ModelSchema,
    PortSchema,
    TableSchema,
    TransformSchema,
)


def merged_schemas(answers: Sequence[PortSchema], *, assumed: int) -> PortSchema:
    """What all answers about one output agree on.

    Args:
        answers: The output's schema for each way that the inputs may turn out. Of what is no column
            the first one's counts.
        assumed: The first so many answers differ only in what was assumed of types that nobody
            knows; where these give other types, nobody knows them either.
    """

    def shared(*lists: Sequence[ColumnSchema]) -> tuple[ColumnSchema, ...]:
        tables = [TableSchema(columns=tuple(columns)) for columns in lists]
        return _merged(tables, assumed=assumed).columns

    tables = [answer for answer in answers if isinstance(answer, TableSchema)]
    models = [answer for answer in answers if isinstance(answer, ModelSchema)]
    transforms = [answer for answer in answers if isinstance(answer, TransformSchema)]
    if len(tables) == len(answers):
        return _merged(tables, assumed=assumed)
    if len(models) == len(answers):
        labels = shared(*([model.label] if model.label else [] for model in models))
        features = shared(*(model.features or () for model in models))
        return msgspec.structs.replace(
            models[0],
            label=labels[0] if labels else None,
            features=features if models[0].features is not None else None,
        )
    if len(transforms) == len(answers):
        return msgspec.structs.replace(
            transforms[0],
            needs=shared(*(transform.needs for transform in transforms)),
            gives=shared(*(transform.gives for transform in transforms)),
        )
    return answers[0]


def _merged(answers: Sequence[TableSchema], *, assumed: int) -> TableSchema:
    """The table that all of them may be; the first gives the order of the columns."""
    first = answers[0]
    names = dict.fromkeys(
        column.name for answer in answers for column in answer.columns if not _is_surprise(column)
    )
    starts = {start for answer in answers for start in answer.more} | {
        _start_of(column) for answer in answers for column in answer.columns if _is_surprise(column)
    }
    by_name = [{column.name: column for column in answer.columns} for answer in answers]
    rows = {answer.rows for answer in answers}
    return TableSchema(
        columns=tuple(_common(name, by_name, assumed=assumed) for name in names),
        more=tuple(sorted(starts)),
        rows=first.rows if len(rows) == 1 else None,
    )


def _common(
    name: str, answers: Sequence[Mapping[str, ColumnSchema]], *, assumed: int
) -> ColumnSchema:
    found = [answer[name] for answer in answers if name in answer]
    by_assumption = {answer[name].type for answer in answers[:assumed] if name in answer}
    is_certain = len(found) == len(answers) and all(column.is_certain for column in found)
    types = dict.fromkeys(word for column in found for word in column.types)
    is_unknown = len(by_assumption) > 1 or not all(column.types for column in found)
    words = () if is_unknown else tuple(types)
    return msgspec.structs.replace(
        found[0],
        type=words[0] if words else "",
        other_types=words[1:],
        is_certain=is_certain,
    )


def _is_surprise(column: ColumnSchema) -> bool:
    return SURPRISE in column.name


def _start_of(column: ColumnSchema) -> str:
    """How the names begin that a surprise stands for; any where a name was made out of it."""
    start, _, rest = column.name.partition(SURPRISE)
    return ANY_NAME if rest else start
