"""Suggestions for the next module, learned from the workspace's own pipelines and the samples."""

import asyncio
from functools import lru_cache

from designer.document.habits import Habits, habits_of, suggestions, together
from designer.document.operations import Document
from designer.services.answers import Suggestions
from designer.services.draft import readable_graph
from designer.services.pipelines import PipelineService
from designer.services.samples import sample_documents
from runtime.errors import DesignerError

MOST_PER_PORT = 12


class HabitService:
    """Counts what is wired to what; a pipeline is read again only after it has changed.

    Args:
        pipelines: Whose newest documents are counted.
    """

    def __init__(self, pipelines: PipelineService) -> None:
        self._pipelines = pipelines
        self._counted: dict[str, tuple[int, Habits]] = {}

    async def suggestions(self) -> Suggestions:
        """What usually follows an output, and what usually comes before an input."""
        revisions = await self._pipelines.revisions_of_all()
        for pipeline_id in self._counted.keys() - revisions.keys():
            del self._counted[pipeline_id]
        for pipeline_id, revision in revisions.items():
            if self._counted.get(pipeline_id, (-1,))[0] != revision:
                document = await self._pipelines.document_at(pipeline_id, revision)
                habits = await asyncio.to_thread(_habits, document)
                self._counted[pipeline_id] = revision, habits
        habits = together((_sample_habits(), *(habits for _, habits in self._counted.values())))
        return Suggestions(**suggestions(habits, most=MOST_PER_PORT))


@lru_cache(maxsize=1)
def _sample_habits() -> Habits:
    return together(_habits(document) for document in sample_documents())


def _habits(document: Document) -> Habits:
    try:
        return habits_of(readable_graph(document))
    except DesignerError:
        return Habits()
