"""The WebSocket that tells open pages what changed."""

import asyncio
import contextlib

from fastapi import APIRouter
from starlette.websockets import WebSocket, WebSocketDisconnect

from designer.api.messages import PREFIX
from designer.services.push import PushOverflow, Subscriber
from designer.services.services import Services
from runtime.errors import RequestError

TRY_AGAIN = 1013
NOT_THERE = 4404
ALIVE = "{}"
"""What either end says only to be heard."""

router = APIRouter(prefix=PREFIX)


@router.websocket("/push")
async def push(socket: WebSocket, pipeline: str | None = None, client: str = "") -> None:
    """Tell a page what changes in its pipeline, or in all of them."""
    services: Services = socket.app.state.services
    await socket.accept()
    subscriber = Subscriber(pipeline or None, client)
    # Joined before the revision is read: what happens in between is told, at worst twice.
    services.push.join(subscriber)
    try:
        subscriber.offer(await _hello(services, subscriber), first=True)
        await _deliver(socket, subscriber)
    except RequestError:
        await socket.close(NOT_THERE)
    finally:
        services.push.leave(subscriber)


async def _hello(services: Services, subscriber: Subscriber) -> dict[str, object]:
    if subscriber.pipeline_id is None:
        return {"kind": "hello", "revision": 0, "run": None}
    draft = await services.pipelines.draft(subscriber.pipeline_id)
    run = await services.runs.latest(subscriber.pipeline_id)
    diagnostics = await services.pipelines.diagnostics(subscriber.pipeline_id)
    about = {"revision": draft.revision, "run": run, "diagnostics": diagnostics}
    return {"kind": "hello", **about}


async def _deliver(socket: WebSocket, subscriber: Subscriber) -> None:
    sending = asyncio.create_task(subscriber.deliver(socket.send_text))
    listening = asyncio.create_task(_until_closed(socket))
    done, waiting = await asyncio.wait({sending, listening}, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    if any(isinstance(task.exception(), PushOverflow) for task in done):
        with contextlib.suppress(RuntimeError):
            await socket.close(TRY_AGAIN)


async def _until_closed(socket: WebSocket) -> None:
    with contextlib.suppress(WebSocketDisconnect):
        while True:
            if await socket.receive_text() == ALIVE:
                await socket.send_text(ALIVE)
