"""Layouts for pages and REST, computed where they hold nobody up."""

import asyncio
import contextlib
import sys
from asyncio.subprocess import PIPE

import msgspec

from designer.document.arrangement import Places, missing
from designer.layout import MOST_NODES, Layout, LayoutRequest, answer
from runtime.errors import InternalError, RequestError
from runtime.interfaces import ModuleCatalog
from runtime.model import Graph, pointer

MOST_WIRES = 4 * MOST_NODES
LARGEST_BESIDE = 300
"""Larger graphs are laid out in a process of their own: a thread that computes for longer than a
tenth of a second makes every page wait, because it and the event loop take turns."""
PATIENCE_S = 120.0

Version = tuple[int, int]


class LayoutService:
    """Lays out what it is asked for; of large graphs one after the other."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._suggested: dict[str, tuple[Version, Places]] = {}

    async def lay_out(self, request: LayoutRequest) -> Layout:
        """The layout that is asked for; ends with the task that waits for it.

        Raises:
            RequestError: G006 for too large a graph, G009 for a node that is not there.
        """
        _check(request)
        if len(request.nodes) <= LARGEST_BESIDE:
            return await asyncio.to_thread(answer, request)
        async with self._turn:
            return await _answer_elsewhere(request)

    async def suggest(
        self, graph: Graph, catalog: ModuleCatalog, *, name: str = "", version: Version = (0, 0)
    ) -> Places:
        """Places for the nodes of a graph that have none.

        Args:
            graph: The graph.
            catalog: Tells the ports, and so the width, of its nodes.
            name: Under which the places are kept, so that they are the same the next time.
            version: With another one, they are found again.
        """
        kept = self._suggested.get(name) if name else None
        if kept is not None and kept[0] == version:
            return kept[1]
        requests = await asyncio.to_thread(missing, graph, catalog)
        found = {key: (await self.lay_out(one)).places for key, one in requests.items()}
        if name:
            self._suggested[name] = version, found
        return found


async def _answer_elsewhere(request: LayoutRequest) -> Layout:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "designer.services.layout_worker", stdin=PIPE, stdout=PIPE
    )
    try:
        work = process.communicate(msgspec.json.encode(request))
        output, _ = await asyncio.wait_for(work, PATIENCE_S)
    except TimeoutError:
        output = b""
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode != 0:
        raise InternalError(
            "A006",
            f"The layout of {len(request.nodes):,} nodes was not finished.",
            remedy="Lay out a part of them, or see the server's log.",
        )
    return msgspec.json.decode(output, type=Layout)


def _check(request: LayoutRequest) -> None:
    for items, most, what in (
        (request.nodes, MOST_NODES, "nodes"),
        (request.wires, MOST_WIRES, "wires"),
    ):
        if len(items) > most:
            raise RequestError(
                "G006",
                f"The graph has {len(items):,} {what}; {most:,} can be laid out at once.",
                remedy="Lay out a part of it.",
                where=pointer(what),
            )
    for index, wire in enumerate(request.wires):
        for key, end in (("from", wire.source), ("to", wire.target)):
            if end not in request.nodes:
                raise _unknown(end, pointer("wires", index, key))
    for index, node_id in enumerate(request.only or ()):
        if node_id not in request.nodes:
            raise _unknown(node_id, pointer("only", index))


def _unknown(node_id: str, where: str) -> RequestError:
    return RequestError(
        "G009",
        f"There is no node '{node_id}' among the nodes of the request.",
        remedy="Name only nodes that are among them.",
        where=where,
    )
