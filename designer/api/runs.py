"""REST: plans and runs."""

from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response, StreamingResponse

from designer.api import bodies
from designer.api.description import described
from designer.api.here import Author, Here
from designer.api.messages import AS_FILE, GRAPH_BYTES, PREFIX, answer, read_body
from designer.api.waiting import WaitingResponse
from designer.reopening import Reopened
from designer.services import answers
from designer.services.compared_runs import RunComparison
from designer.services.read_process import Tell
from designer.services.read_worker.log_query import LogQuery
from designer.services.services import Services
from designer.store import RunMarks
from runtime.errors import InvalidGraphError
from runtime.execution.cost import RunCost, run_cost
from runtime.execution.critical_path import CriticalPath
from runtime.execution.environment_lock import EnvironmentLock
from runtime.model import Plan, Run, Status
from runtime.model.documents import PlanDocument, plan_document
from runtime.model.preview import Preview
from runtime.stores.log_file import LONGEST_SHOWN, MOST_LINES, LogLines

LARGEST_NUMBER = 2**53

Attempt = Annotated[int, Query(ge=0, le=10_000)]
LogSearched = Annotated[str, Query(max_length=500)]

router = APIRouter(prefix=PREFIX, tags=["runs"])


@router.post("/runs", **described(answers.RunAnswer, takes=bodies.NewRun, status=201))
async def start_run(here: Here, request: Request) -> Response:
    """Run a pipeline's newest document; 422 with every diagnostic when it cannot run."""
    body = await read_body(request, bodies.NewRun)
    return answer(await here.start_run(body.pipeline_id, body.options.as_options()), 201)


@router.post("/plans", **described(PlanDocument, takes=bodies.PlanRequest))
async def plan_run(here: Here, request: Request) -> Response:
    """The plan of a run with its preview; 422 with every diagnostic when it cannot run."""
    plan, preview = await _preview(here, request)
    if not preview.can_run:
        raise InvalidGraphError(plan.diagnostics)
    return answer(plan_document(plan, preview))


@router.post("/plans/preview", **described(Preview, takes=bodies.PlanRequest))
async def preview_run(here: Here, request: Request) -> Response:
    """What a run would do, step by step and in short, also of a graph with errors."""
    return answer((await _preview(here, request))[1])


async def _preview(here: Services, request: Request) -> tuple[Plan, Preview]:
    body = await read_body(request, bodies.PlanRequest, limit=GRAPH_BYTES, remedy=AS_FILE)
    return await here.preview(
        body.options.as_options(), pipeline_id=body.pipeline_id, graph=body.graph
    )


@router.get("/runs", **described(answers.RunList))
async def list_runs(
    here: Here,
    pipeline_id: str | None = None,
    status: Status | None = None,
    search: Annotated[str | None, Query(max_length=500)] = None,
    before: Annotated[int | None, Query(ge=0, le=LARGEST_NUMBER)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    tag: Annotated[list[str], Query()] = [],  # noqa: B006 - the framework copies it
) -> Response:
    """Runs without their steps, newest first; `before` is a run number; with every `tag` named."""
    found = await here.runs.list(
        pipeline_id=pipeline_id,
        status=status,
        search=search,
        among=await here.marks.tagged([one.lower() for one in tag]),
        before=before,
        limit=limit,
    )
    marks = await here.marks.of([run.id for run in found])
    return answer(answers.RunList(runs=tuple(found), marks=marks))


@router.get("/run_tags", **described(dict[str, int]))
async def run_tags(here: Here) -> Response:
    """Every tag there is with the number of its runs."""
    return answer(await here.marks.tags())


@router.get("/runs/{run_id}/marks", **described(RunMarks))
async def run_marks(here: Here, run_id: str) -> Response:
    """The tags and the note of a run."""
    return answer(await here.marks.of_run(run_id))


@router.post("/runs/{run_id}/marks", **described(RunMarks, takes=bodies.Marks))
async def change_run_marks(here: Here, author: Author, request: Request, run_id: str) -> Response:
    """Give a run tags, take others away, write its note."""
    body = await read_body(request, bodies.Marks)
    return answer(
        await here.marks.change(
            run_id, add=body.add, remove=body.remove, note=body.note, author=author
        )
    )


@router.get("/runs/{run_id}", **described(Run))
async def get_run(here: Here, run_id: str) -> Response:
    """A run with its steps."""
    return answer(await here.runs.get(run_id))


@router.post("/runs/{run_id}/cancel", **described(Run))
async def cancel_run(here: Here, run_id: str) -> Response:
    """Ask for a run to end."""
    return answer(await here.runs.cancel(run_id))


@router.post("/runs/{run_id}/resume", **described(Run, status=201))
async def resume_run(here: Here, run_id: str) -> Response:
    """A new run of the same plan that takes over what the run finished and does the rest."""
    return answer(await here.runs.resume(run_id), 201)


@router.post("/runs/{run_id}/rerun", **described(answers.RunAnswer, takes=bodies.Rerun, status=201))
async def rerun(here: Here, request: Request, run_id: str) -> Response:
    """Run the graph of a run again, with other values of its parameters if need be."""
    body = await read_body(request, bodies.Rerun)
    done = await here.rerun(run_id, body.parameters, as_it_was=body.graph == "as_it_was")
    return answer(done, 201)


@router.get("/runs/{run_id}/graph", **described(answers.PipelineView))
async def run_graph(here: Here, run_id: str) -> Response:
    """The canvas of a run as it was, read-only."""
    return answer(await here.run_view(run_id))


@router.get("/runs/{run_id}/comparison", **described(RunComparison))
async def compare_runs(
    here: Here, run_id: str, after: Annotated[str, Query(min_length=1, max_length=200)]
) -> Response:
    """What differs from a run to another: parameters, steps, metrics, outputs, commits, packages."""
    return answer(await here.runs.compare(run_id, after))


@router.get("/runs/{run_id}/packages", **described(EnvironmentLock))
async def run_packages(here: Here, run_id: str) -> Response:
    """The versions of the packages that the run's steps on this machine could import."""
    return answer(await here.runs.packages_of(await here.runs.get(run_id)))


@router.get("/runs/{run_id}/cost", **described(RunCost))
async def cost_of_run(here: Here, run_id: str) -> Response:
    """What a run cost so far, by target; empty where no target has a price."""
    return answer(run_cost(await here.runs.get(run_id)))


@router.get("/step_runs", **described(answers.StepHistory))
async def step_runs(
    here: Here,
    pipeline_id: Annotated[str, Query(max_length=200)],
    step: Annotated[str, Query(max_length=2000)],
    before: Annotated[int | None, Query(ge=0, le=LARGEST_NUMBER)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Response:
    """A step in the runs of a pipeline that had it, newest first; `before` is a run number."""
    found = await here.runs.of_step(pipeline_id, step, before=before, limit=limit)
    return answer(found)


@router.get("/runs/{run_id}/inputs", **described(answers.StepInputs))
async def step_inputs(
    here: Here, run_id: str, step: Annotated[str, Query(max_length=2000)]
) -> Response:
    """What came into the ports of a step: what the steps before it stored."""
    return answer(await here.runs.inputs_of(run_id, step))


@router.get("/runs/{run_id}/critical_path", **described(CriticalPath))
async def run_critical_path(here: Here, run_id: str) -> Response:
    """The chain of steps that determined when the run ended; empty while it goes on."""
    return answer(await here.runs.critical_path(run_id))


@router.post(
    "/runs/{run_id}/reopened", **described(Reopened, takes=bodies.ReopenedStep, status=201)
)
async def reopen_step(here: Here, request: Request, run_id: str) -> Response:
    """A step in a folder of the workspace: its exact inputs, a script, a notebook; none is run."""
    body = await read_body(request, bodies.ReopenedStep)
    return answer(await here.runs.reopen(run_id, body.step), 201)


@router.get("/runs/{run_id}/reopened", **described(media_type="application/zip"))
async def reopened_step(
    here: Here, run_id: str, step: Annotated[str, Query(max_length=2000)]
) -> Response:
    """The same folder as a zip, for a browser on another machine."""
    archive = await here.runs.reopened_archive(run_id, step)
    return FileResponse(
        archive,
        filename=f"{step}.zip",
        media_type="application/zip",
        background=BackgroundTask(archive.unlink, missing_ok=True),
    )


@router.get("/runs/{run_id}/steps/{step}/log/lines", **described(LogLines))
async def log_lines(
    here: Here,
    run_id: str,
    step: str,
    first: Annotated[int, Query(ge=-MOST_LINES, le=LARGEST_NUMBER)] = 0,
    count: Annotated[int, Query(ge=1, le=MOST_LINES)] = 200,
    longest: Annotated[int, Query(ge=1, le=1 << 20)] = LONGEST_SHOWN,
    attempt: Attempt = 0,
    text: LogSearched = "",
    regex: bool = False,
    case: bool = False,
) -> Response:
    """Lines of a step's log by number, from the end where `first` is negative.

    With `text` only lines that have it in them are counted and given.
    """
    query = LogQuery(text, is_regex=regex, has_case=case) if text else None
    content = await here.logs.lines(
        run_id, step, first=first, count=count, longest=longest, attempt=attempt, query=query
    )
    return Response(content, media_type="application/json")


@router.get("/runs/{run_id}/steps/{step}/log/search", **described(dict))
async def search_log(
    here: Here,
    request: Request,
    run_id: str,
    step: str,
    text: Annotated[str, Query(min_length=1, max_length=500)],
    regex: bool = False,
    case: bool = False,
    start: Annotated[int, Query(ge=0, le=LARGEST_NUMBER)] = 0,
    backwards: bool = False,
    attempt: Attempt = 0,
    view: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """How many lines of a step's log fit (`hits`), and the next of them from `start` on (`line`).

    A search takes ten seconds at most; `is_whole` says whether that was enough, and asking again
    goes on from there.
    """

    def work(tell: Tell) -> Coroutine[Any, Any, bytes]:
        return here.logs.search(
            run_id,
            step,
            LogQuery(text, is_regex=regex, has_case=case),
            start=start,
            backwards=backwards,
            attempt=attempt,
            view=view,
            tell=tell,
        )

    return WaitingResponse(request, work)


@router.get("/runs/{run_id}/steps/{step}/log/file", **described(media_type="text/plain"))
async def log_file(here: Here, run_id: str, step: str, attempt: Attempt = 0) -> Response:
    """The whole log of a step as it is now."""
    path = await here.logs.file(run_id, step, attempt=attempt)
    size = path.stat().st_size
    name = quote(f"{step}.log", safe="")
    headers = {
        "content-length": str(size),
        "content-disposition": f"attachment; filename*=UTF-8''{name}",
        "content-encoding": "identity",
    }
    return StreamingResponse(_bytes_of(path, size), media_type="text/plain", headers=headers)


def _bytes_of(path: Path, size: int) -> Iterator[bytes]:
    """So many bytes of a file that may grow meanwhile."""
    with path.open("rb") as file:
        while size > 0 and (piece := file.read(min(size, 1 << 20))):
            size -= len(piece)
            yield piece


@router.get("/runs/{run_id}/steps/{step}/log", **described(answers.LogText))
async def step_log(
    here: Here,
    run_id: str,
    step: str,
    offset: Annotated[int, Query(ge=0, le=LARGEST_NUMBER)] = 0,
    limit: Annotated[int, Query(ge=1, le=1 << 20)] = 1 << 16,
    attempt: Attempt = 0,
) -> Response:
    """A part of a step's log."""
    return answer(await here.runs.log(run_id, step, offset=offset, limit=limit, attempt=attempt))
