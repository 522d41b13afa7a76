"""REST: environments."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from designer.api import bodies
from designer.api.description import described
from designer.api.here import Here
from designer.api.messages import PREFIX, answer, read_body
from designer.services import answers
from runtime.model import PackageSource

router = APIRouter(prefix=f"{PREFIX}/environments", tags=["environments"])


@router.get("", **described(answers.EnvironmentList))
async def list_environments(here: Here) -> Response:
    """The environments, what is built of them on this machine, and what uses them."""
    return answer(await here.environments.list())


@router.post("", **described(answers.EnvironmentAnswer, takes=bodies.NewEnvironment, status=201))
async def add_environment(here: Here, request: Request) -> Response:
    """Lock requirements under a name; nothing is installed yet."""
    body = await read_body(request, bodies.NewEnvironment)
    source = PackageSource(extra_index=body.extra_index, wheels=body.wheels)
    added = await here.environments.add(
        body.name, body.requirements, python=body.python, source=source
    )
    return answer(added, 201)


@router.put("/source", **described(PackageSource, takes=PackageSource))
async def choose_source(here: Here, request: Request) -> Response:
    """Say where packages come from unless an environment says otherwise."""
    source = await read_body(request, PackageSource)
    await here.environments.set_source(source)
    return answer(source)


@router.post("/{name}/build", **described(answers.EnvironmentAnswer, status=202))
async def build_environment(here: Here, name: str) -> Response:
    """Begin to build an environment on this machine; the list says how far it is."""
    return answer(await here.environments.build(name), 202)


@router.delete("/{name}", **described(answers.EnvironmentAnswer))
async def remove_environment(here: Here, name: str) -> Response:
    """Forget an environment and remove what is built of it on this machine."""
    return answer(await here.environments.remove(name))
