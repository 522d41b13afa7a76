"""The editor's pages: a pipeline to work on, and the canvas of a run as it was."""

from nicegui import ui
from starlette.responses import RedirectResponse, Response

from designer.canvas.canvas import PipelineEditor
from designer.pages.shell import shown_error
from designer.services.services import Services


def register_editor(services: Services) -> None:
    """Register `/`, `/pipelines/{id}` and `/runs/{id}/canvas`."""

    @ui.page("/")
    async def start() -> Response | None:
        pipelines = (await services.pipelines.list()).pipelines
        return RedirectResponse(f"/pipelines/{pipelines[0].id}" if pipelines else "/pipelines")

    @ui.page("/pipelines/{pipeline_id}")
    @shown_error
    async def editor(pipeline_id: str) -> None:
        draft = await services.pipelines.draft(pipeline_id)
        ui.page_title(f"{draft.graph.name} · Designer")
        PipelineEditor(pipeline_id=pipeline_id)

    @ui.page("/runs/{run_id}/canvas")
    @shown_error
    async def past_run(run_id: str) -> None:
        run = await services.runs.get(run_id)
        ui.page_title(f"Run {run.number} · Designer")
        PipelineEditor(pipeline_id=run.pipeline_id, run_id=run_id, read_only=True)
