"""REST: layouts of what a page shows; nothing is stored."""

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from designer.api.description import described
from designer.api.here import Here
from designer.api.messages import GRAPH_BYTES, PREFIX, read_body
from designer.api.waiting import WaitingResponse
from designer.layout import Layout, LayoutRequest
from designer.services.read_process import Tell

IN_A_SELECTION = "Lay out a part of the graph."

router = APIRouter(prefix=PREFIX, tags=["layouts"])


@router.post("/layouts", **described(Layout, takes=LayoutRequest))
async def lay_out(here: Here, request: Request) -> Response:
    """Places for nodes of given sizes, by the wires between their ports.

    With `only`, the other nodes stay and none of them is covered; with `keeps_placed`, only nodes
    without a place get one.
    """
    body = await read_body(request, LayoutRequest, limit=GRAPH_BYTES, remedy=IN_A_SELECTION)

    async def work(_: Tell) -> bytes:
        return msgspec.json.encode(await here.layouts.lay_out(body))

    return WaitingResponse(request, work)
