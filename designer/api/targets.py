"""REST: compute targets."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from designer.api import bodies
from designer.api.description import described
from designer.api.here import Here
from designer.api.messages import PREFIX, answer, read_body
from designer.services import answers
from runtime.model import TargetReport

router = APIRouter(prefix=f"{PREFIX}/targets", tags=["targets"])


@router.get("", **described(answers.TargetList))
async def list_targets(here: Here) -> Response:
    """The compute targets, this machine first."""
    return answer(await here.targets.list())


@router.post("", **described(answers.TargetAnswer, takes=bodies.NewTarget, status=201))
async def add_target(here: Here, request: Request) -> Response:
    """Reach a host for the first time, pin its key and keep it; 503 when there is no way in."""
    body = await read_body(request, bodies.NewTarget)
    return answer(await here.targets.add(body.target, fingerprint=body.fingerprint), 201)


@router.post("/{name}/test", **described(TargetReport))
async def test_target(here: Here, name: str) -> Response:
    """Connect to a target and say what it offers, and whether a step can run there."""
    return answer(await here.targets.test(name))


@router.put("/{name}/price", **described(answers.TargetAnswer, takes=bodies.Price))
async def set_price(here: Here, request: Request, name: str) -> Response:
    """Set what an hour on a target costs; runs that began keep the price they had."""
    body = await read_body(request, bodies.Price)
    return answer(await here.targets.set_price(name, body.price_per_hour))


@router.delete("/{name}", **described(answers.TargetAnswer))
async def remove_target(here: Here, name: str) -> Response:
    """Forget a target; steps that run there end as they would."""
    return answer(await here.targets.remove(name))
