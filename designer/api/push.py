"""The WebSocket that tells open pages what changed."""

import asyncio
import contextlib

import msgspec
from fastapi import APIRouter
from starlette.websockets import WebSocket, WebSocketDisconnect

from designer.api.here import tidy_name
from designer.api.messages import PREFIX
from designer.services.presence import Whereabouts
from designer.services.push import PushOverflow, Subscriber
from designer.services.services import Services
from runtime.errors import RequestError

TRY_AGAIN = 1013
NOT_THERE = 4404
ALIVE = "{}"
"""What either end says only to be heard."""
LONGEST_SAID = 20_000
LONGEST_CLIENT = 80


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a page says of the person in front of it.

    Attributes:
        name: Another name than before; None leaves it.
        at: Where the person is now; None leaves it.
    """

    name: str | None = None
    at: Whereabouts | None = None


router = APIRouter(prefix=PREFIX)


@router.websocket("/push")
async def push(
    socket: WebSocket, pipeline: str | None = None, client: str = "", name: str = ""
) -> None:
    """Tell a page what changes in its pipeline, or in all of them; hear where its person is."""
    services: Services = socket.app.state.services
    await socket.accept()
    subscriber = Subscriber(pipeline or None, client[:LONGEST_CLIENT], _named(name, services))
    # Joined before the revision is read: what happens in between is told, at worst twice.
    services.push.join(subscriber)
    try:
        subscriber.offer(await _hello(services, subscriber), first=True)
        await _deliver(socket, subscriber, services)
    except RequestError:
        await socket.close(NOT_THERE)
    finally:
        services.push.leave(subscriber)


async def _hello(services: Services, subscriber: Subscriber) -> dict[str, object]:
    if subscriber.pipeline_id is None:
        return {"kind": "hello", "revision": 0, "run": None, "you": subscriber.name}
    draft = await services.pipelines.draft(subscriber.pipeline_id)
    run = await services.runs.latest(subscriber.pipeline_id)
    diagnostics = await services.pipelines.diagnostics(subscriber.pipeline_id)
    about = {"revision": draft.revision, "run": run, "diagnostics": diagnostics}
    return {"kind": "hello", "you": subscriber.name, **about}


async def _deliver(socket: WebSocket, subscriber: Subscriber, services: Services) -> None:
    sending = asyncio.create_task(subscriber.deliver(socket.send_text))
    listening = asyncio.create_task(_until_closed(socket, subscriber, services))
    done, waiting = await asyncio.wait({sending, listening}, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    if any(isinstance(task.exception(), PushOverflow) for task in done):
        with contextlib.suppress(RuntimeError):
            await socket.close(TRY_AGAIN)


async def _until_closed(socket: WebSocket, subscriber: Subscriber, services: Services) -> None:
    with contextlib.suppress(WebSocketDisconnect):
        while True:
            text = await socket.receive_text()
            if text == ALIVE:
                await socket.send_text(ALIVE)
            elif len(text) <= LONGEST_SAID:
                _hear(text, subscriber, services)


def _hear(text: str, subscriber: Subscriber, services: Services) -> None:
    """What is not understood is left aside: a page of another version says other things."""
    with contextlib.suppress(msgspec.DecodeError):
        said = msgspec.json.decode(text, type=Said)
        name = "" if said.name is None else _named(said.name, services)
        services.push.move(subscriber, said.at, name)


def _named(name: str, services: Services) -> str:
    return tidy_name(name) or services.author
