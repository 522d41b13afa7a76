"""REST: what differs between two artifacts, by both digests."""

from collections.abc import Coroutine
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from designer.api.artifacts import Offset
from designer.api.description import described
from designer.api.here import Here
from designer.api.messages import PREFIX
from designer.api.waiting import WaitingResponse
from designer.services.read_process import Tell

After = Annotated[str, Query(max_length=100)]
KeyColumns = Annotated[list[str] | None, Query(max_length=16)]

router = APIRouter(prefix=PREFIX, tags=["artifacts"])


@router.get("/artifacts/{digest}/difference", **described(dict))
async def artifact_difference(
    here: Here, request: Request, digest: str, after: After, key: KeyColumns = None
) -> Response:
    """What differs between an artifact and a later one, `after`.

    Of tables: columns, rows and cells. Rows are matched by the `key` columns, by their place where
    the only one is empty; without any by a column that tells rows apart, or else by their place.
    Of documents: metrics, and the leaves that differ.
    """
    return WaitingResponse(
        request, lambda tell: here.artifacts.difference(digest, after, keys=_keys(key), tell=tell)
    )


@router.get("/artifacts/{digest}/difference/rows", **described(dict))
async def difference_rows(
    here: Here,
    request: Request,
    digest: str,
    after: After,
    which: Literal["changed", "added", "removed"] = "changed",
    offset: Offset = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    key: KeyColumns = None,
) -> Response:
    """Some of the rows that changed, were added or removed; changed ones as they were and are."""

    def work(tell: Tell) -> Coroutine[Any, Any, bytes]:
        return here.artifacts.difference_rows(
            digest, after, keys=_keys(key), which=which, offset=offset, limit=limit, tell=tell
        )

    return WaitingResponse(request, work)


@router.get("/artifacts/{digest}/difference/distributions", **described(dict))
async def difference_distributions(
    here: Here, request: Request, digest: str, after: After
) -> Response:
    """How the values of every common column lay and lie; each is told as part of the progress."""
    return WaitingResponse(
        request, lambda tell: here.artifacts.distributions(digest, after, tell=tell)
    )


def _keys(asked: list[str] | None) -> list[str] | None:
    """The key columns; none where rows are matched by their place, None to look for one."""
    return None if asked is None else [name for name in asked if name]
