"""What the push channel says first, and that nothing falls between joining and greeting."""

import asyncio
import json

from starlette.websockets import WebSocketDisconnect

from designer.api.push import NOT_THERE, push
from designer.document.operations import Change, Operation
from tests.designer.running import SPLIT_NODE


class Socket:
    """The server's end of a page's connection."""

    def __init__(self, app):
        self.app = app
        self.told = []
        self.code = None
        self.ended = asyncio.Event()

    async def accept(self):
        pass

    async def send_text(self, text):
        self.told.append(json.loads(text))

    async def receive_text(self):
        await self.ended.wait()
        raise WebSocketDisconnect

    async def close(self, code):
        self.code = code


async def test_an_edit_between_joining_and_the_greeting_reaches_the_page(app, services):
    await services.pipelines.create("p")
    latest = services.runs.latest

    async def edited_meanwhile(pipeline_id):
        change = Change(path=("description",), after="meanwhile")
        await services.pipelines.apply("p", [Operation(id="1", changes=(change,))])
        return await latest(pipeline_id)

    services.runs.latest = edited_meanwhile
    socket = Socket(app)
    task = asyncio.create_task(push(socket, "p", "tab"))
    await asyncio.sleep(0.3)
    socket.ended.set()
    await task
    assert socket.told[0]["kind"] == "hello"
    told = [message for message in socket.told if message["kind"] == "operations"]
    assert [one["id"] for message in told for one in message["operations"]] == ["1"]
    assert services.push.count("p") == 0


async def test_a_page_of_a_pipeline_that_does_not_exist_is_let_go(app, services):
    socket = Socket(app)
    await push(socket, "nowhere", "tab")
    assert socket.code == NOT_THERE and services.push.count("nowhere") == 0


async def test_the_greeting_tells_the_problems_that_a_page_may_have_missed(app, services):
    await services.pipelines.create("p")
    node = Change(path=("nodes", "split"), after=SPLIT_NODE)
    await services.pipelines.apply("p", [Operation(id="1", changes=(node,))])
    socket = Socket(app)
    task = asyncio.create_task(push(socket, "p", "tab"))
    while not socket.told:
        await asyncio.sleep(0.01)
    socket.ended.set()
    await task
    assert [item["code"] for item in socket.told[0]["diagnostics"]] == ["P003"]


class TalkingSocket(Socket):
    """A page that says things before it goes."""

    def __init__(self, app, *said):
        super().__init__(app)
        self.said = list(said)

    async def receive_text(self):
        if self.said:
            return self.said.pop(0)
        return await super().receive_text()


async def test_a_page_says_who_and_where_its_person_is_and_hears_its_name(app, services):
    await services.pipelines.create("p")
    at = {"scope": "", "selected": [{"scope": "", "node": "split"}]}
    socket = TalkingSocket(
        app, "no JSON", "[]", '{"at": {"selected": 3}}', json.dumps({"at": at, "name": "Bo\n"})
    )
    task = asyncio.create_task(push(socket, "p", "browser.tab", "Ada"))
    await asyncio.sleep(0.5)
    socket.ended.set()
    await task
    assert socket.told[0]["you"] == "Ada"
    (person,) = [one for one in socket.told if one["kind"] == "presence"][-1]["people"]
    assert person == {"client": "browser.tab", "name": "Bo", **at}


async def test_who_has_set_no_name_has_that_of_the_system(app, services):
    await services.pipelines.create("p")
    socket = Socket(app)
    task = asyncio.create_task(push(socket, "p", "tab"))
    while not socket.told:
        await asyncio.sleep(0.01)
    socket.ended.set()
    await task
    assert socket.told[0]["you"] == services.author != ""
