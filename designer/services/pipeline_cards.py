"""The cards of the list of pipelines; looks are drawn again only when a pipeline has changed."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from designer.document.operations import Document
from designer.services import pipeline_view
from designer.services.answers import LastRun, PipelineCard, PipelineList, Thumbnail
from designer.services.draft import readable_graph
from designer.store import PipelineRecord
from runtime.errors import DesignerError
from runtime.model import Graph

DocumentAt = Callable[[str, int], Awaitable[Document]]


class PipelineCards:
    """Draws cards.

    Args:
        document_at: Gives a pipeline's document at a revision.
    """

    def __init__(self, document_at: DocumentAt) -> None:
        self._document_at = document_at
        self._drawn: dict[str, tuple[int, Graph, Thumbnail]] = {}

    async def draw(
        self, records: Sequence[PipelineRecord], last_runs: Mapping[str, LastRun]
    ) -> PipelineList:
        """A card for each of the pipelines."""
        cards = [await self._card(record, last_runs.get(record.id)) for record in records]
        return PipelineList(pipelines=tuple(cards))

    async def _card(self, record: PipelineRecord, last_run: LastRun | None) -> PipelineCard:
        drawn = self._drawn.get(record.id)
        if drawn is None or drawn[0] != record.revision:
            graph = await self._graph_or_complaint(record)
            looks = await asyncio.to_thread(pipeline_view.thumbnail, graph)
            drawn = self._drawn[record.id] = record.revision, graph, looks
        return pipeline_view.card(record, drawn[1], thumbnail=drawn[2], last_run=last_run)

    async def _graph_or_complaint(self, record: PipelineRecord) -> Graph:
        """A pipeline's graph; one that cannot be read must not take the whole list with it."""
        try:
            return readable_graph(await self._document_at(record.id, record.revision))
        except DesignerError as exc:
            return Graph(name=record.name, description=exc.record.message)
