"""REST: pipelines and their operations."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from designer.api import bodies
from designer.api.description import described
from designer.api.here import Author, Here
from designer.api.messages import (
    AS_FILE,
    GRAPH_BYTES,
    OPERATIONS_BYTES,
    PREFIX,
    answer,
    read_body,
    read_bytes,
)
from designer.services import answers
from runtime.model import ModuleSpec

router = APIRouter(prefix=PREFIX, tags=["pipelines"])


@router.get("/pipelines", **described(answers.PipelineList))
async def list_pipelines(here: Here, bin: bool = False) -> Response:
    """All pipelines, or those in the bin."""
    return answer(await (here.pipelines.bin() if bin else here.pipelines.list()))


@router.post("/pipelines", **described(answers.Created, takes=bodies.NewPipeline, status=201))
async def create_pipeline(here: Here, request: Request) -> Response:
    """A new pipeline: empty, from a graph, or from a sample."""
    body = await read_body(request, bodies.NewPipeline, limit=GRAPH_BYTES, remedy=AS_FILE)
    created = await here.pipelines.create(body.name, graph=body.graph, sample=body.sample)
    return answer(created, 201)


@router.post("/pipelines/import", **described(answers.Created, takes=dict, status=201))
async def import_pipeline(here: Here, request: Request) -> Response:
    """A new pipeline from the text of a graph file; every problem of it is listed."""
    text = await read_bytes(request, limit=GRAPH_BYTES, remedy=AS_FILE)
    return answer(await here.pipelines.import_text(text), 201)


@router.get("/samples", **described(answers.SampleList))
async def list_samples(here: Here) -> Response:
    """The sample pipelines that ship with the designer."""
    return answer(here.pipelines.samples())


@router.post("/samples/{sample_id}/copies", **described(answers.SampleCopy, status=201))
async def copy_sample(here: Here, sample_id: str) -> Response:
    """A sample's graph for an open pipeline; the data files it reads come into the workspace."""
    return answer(await here.pipelines.copy_of_sample(sample_id), 201)


@router.get("/pipelines/{pipeline_id}", **described(answers.PipelineView))
async def get_pipeline(here: Here, pipeline_id: str) -> Response:
    """A pipeline with everything the editor starts from."""
    return answer(await here.open_pipeline(pipeline_id))


@router.patch("/pipelines/{pipeline_id}", **described(answers.OperationsAnswer, takes=bodies.Name))
async def rename_pipeline(
    here: Here, author: Author, pipeline_id: str, request: Request
) -> Response:
    """Give a pipeline another name."""
    body = await read_body(request, bodies.Name)
    return answer(await here.pipelines.rename(pipeline_id, body.name, author=author))


@router.delete("/pipelines/{pipeline_id}", **described())
async def delete_pipeline(here: Here, pipeline_id: str) -> Response:
    """Put a pipeline into the bin."""
    await here.pipelines.delete(pipeline_id)
    return answer({})


@router.post("/pipelines/{pipeline_id}/undelete", **described())
async def undelete_pipeline(here: Here, pipeline_id: str) -> Response:
    """Take a pipeline out of the bin."""
    await here.pipelines.undelete(pipeline_id)
    return answer({})


@router.post("/pipelines/{pipeline_id}/duplicate", **described(answers.Created, status=201))
async def duplicate_pipeline(here: Here, pipeline_id: str) -> Response:
    """A copy with a history of its own."""
    return answer(await here.pipelines.duplicate(pipeline_id), 201)


@router.get("/pipelines/{pipeline_id}/file", **described(dict))
async def pipeline_file(here: Here, pipeline_id: str, version: str = "now") -> Response:
    """The canonical text of the graph file, of a named version also of an earlier one."""
    text = await here.revisions.file_text(pipeline_id, version)
    disposition = f'attachment; filename="{pipeline_id}.json"'
    return Response(
        text, media_type="application/json", headers={"content-disposition": disposition}
    )


@router.post(
    "/pipelines/{pipeline_id}/operations",
    **described(answers.OperationsAnswer, takes=bodies.Operations),
)
async def apply_operations(
    here: Here, author: Author, pipeline_id: str, request: Request
) -> Response:
    """Merge a batch of operations; accepted ones are durable before the answer."""
    body = await read_body(request, bodies.Operations, limit=OPERATIONS_BYTES)
    merged = await here.pipelines.apply(
        pipeline_id, body.operations, heir_of=body.heir_of, author=author
    )
    return answer(merged)


@router.get("/pipelines/{pipeline_id}/operations", **described(answers.LogAnswer))
async def operations_after(here: Here, pipeline_id: str, after: int = 0) -> Response:
    """The log after a revision."""
    return answer(await here.pipelines.operations(pipeline_id, after))


@router.get("/pipelines/{pipeline_id}/schemas", **described(answers.Schemas))
async def schemas(here: Here, pipeline_id: str) -> Response:
    """What is known of the outputs of every node, before a run and of earlier ones."""
    return answer(await here.foresight.schemas(pipeline_id))


@router.post(
    "/pipelines/{pipeline_id}/freeze", **described(answers.OperationsAnswer, takes=bodies.Nodes)
)
async def freeze_nodes(here: Here, pipeline_id: str, request: Request) -> Response:
    """Freeze nodes with the outputs of their last run, as one operation."""
    body = await read_body(request, bodies.Nodes)
    return answer(await here.freeze(pipeline_id, body.nodes))


@router.post(
    "/pipelines/{pipeline_id}/unfreeze", **described(answers.OperationsAnswer, takes=bodies.Nodes)
)
async def unfreeze_nodes(here: Here, pipeline_id: str, request: Request) -> Response:
    """Let frozen nodes run again, as one operation."""
    body = await read_body(request, bodies.Nodes)
    return answer(await here.unfreeze(pipeline_id, body.nodes))


@router.post(
    "/pipelines/{pipeline_id}/subgraphs/{name}/publish",
    **described(ModuleSpec, takes=bodies.SubgraphPublication, status=201),
)
async def publish_subgraph(here: Here, pipeline_id: str, name: str, request: Request) -> Response:
    """Freeze the definition of a subgraph of a pipeline as a module version."""
    body = await read_body(request, bodies.SubgraphPublication)
    draft = await here.pipelines.draft(pipeline_id)
    spec = await here.modules.publish_subgraph(
        draft.graph,
        name,
        module_id=body.module,
        version=body.version,
        make_default=body.make_default,
        changelog=body.changelog,
    )
    return answer(spec, 201)
