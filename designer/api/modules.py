"""REST: modules and the life cycle of their versions."""

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from designer.api import bodies
from designer.api.description import described
from designer.api.here import Here
from designer.api.messages import PREFIX, answer, read_body
from designer.services import answers
from designer.services.modules import spec_json
from runtime.model import ModuleSpec

router = APIRouter(prefix=PREFIX, tags=["modules"])


@router.get("/modules", **described(dict))
async def list_modules(here: Here) -> Response:
    """A card for every module."""
    return answer({"generation": here.modules.generation, "cards": here.modules.cards()})


@router.get("/suggestions", **described(answers.Suggestions))
async def suggest(here: Here) -> Response:
    """What is usually wired to what, in this workspace and in the samples."""
    return answer(await here.habits.suggestions())


@router.get("/modules/{module_id}", **described(dict))
async def get_module(here: Here, module_id: str) -> Response:
    """One module's card."""
    return answer(here.modules.card(module_id))


@router.get("/modules/{module_id}/usage", **described(dict))
async def module_usage(here: Here, module_id: str) -> Response:
    """The pipelines and runs that use a module."""
    return answer(await here.usage(module_id))


@router.get("/modules/{module_id}/{version}", **described(dict))
async def get_version(here: Here, module_id: str, version: str) -> Response:
    """A version's specification and its source as highlighted HTML, that of a folder file by file."""
    spec = here.modules.show(module_id, version)
    sources = here.modules.sources(module_id, version)
    return answer(
        {
            **spec_json(spec),
            "source_html": sources[0].html if sources else "",
            "sources": msgspec.to_builtins(sources),
        }
    )


@router.get("/modules/{module_id}/{version}/definition", **described(dict))
async def get_definition(here: Here, module_id: str, version: str) -> Response:
    """The graph document of a version that is a subgraph."""
    return answer(here.modules.definition(module_id, version))


@router.post(
    "/modules/{module_id}/publish",
    **described(ModuleSpec, takes=bodies.Publication, status=201),
)
async def publish(here: Here, module_id: str, request: Request) -> Response:
    """Freeze a draft as a version."""
    body = await read_body(request, bodies.Publication)
    spec = await here.modules.publish(
        module_id,
        version=body.version,
        make_default=body.make_default,
        changelog=body.changelog,
    )
    return answer(spec, 201)


@router.post("/modules/{module_id}/state", **described(dict, takes=bodies.StateChange))
async def set_state(here: Here, module_id: str, request: Request) -> Response:
    """Deprecate, disable or enable a version, or the whole module."""
    body = await read_body(request, bodies.StateChange)
    card = await here.modules.set_state(
        module_id,
        body.action,
        version=body.version,
        message=body.message,
        replacement=body.replacement,
    )
    return answer(card)


@router.post("/modules/{module_id}/default", **described(dict, takes=bodies.DefaultVersion))
async def set_default(here: Here, module_id: str, request: Request) -> Response:
    """Move the pointer that a fresh drop uses."""
    body = await read_body(request, bodies.DefaultVersion)
    return answer(await here.modules.set_default(module_id, body.version))
