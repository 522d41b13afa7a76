"""A designer for tests: the whole app over a fresh workspace, without pages, runner and sockets."""

import contextlib

import httpx

from designer.app import create_app

BASE = "http://127.0.0.1:8080"


class QuietRunner:
    """Stands where the link to the runner is: accepts nothing, starts no process."""

    is_connected = False

    def start(self):
        """Nothing to follow."""

    async def stop(self):
        """Nothing to stop."""

    async def warm(self, families):
        """Nothing to warm."""


@contextlib.asynccontextmanager
async def running_app(workspace, *, with_runner=False):
    app = create_app(workspace, has_pages=False)
    if not with_runner:
        app.state.services.runs.link = QuietRunner()
    async with app.router.lifespan_context(app):
        yield app


def client_of(app, **headers):
    token = app.state.sessions.token
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, raise_app_exceptions=False),
        base_url=BASE,
        headers={"Authorization": f"Bearer {token}", **headers},
    )


def change(path, after=None, **before):
    """A change of the value at `a/b/c`; leave `after` out to remove it."""
    value = {"path": path.split("/"), **before}
    return {**value, "after": after} if after is not None else value


def operation(name, *changes, client="tab", base=0):
    about = {"id": name, "client": client, "label": name, "base": base}
    return {**about, "changes": list(changes)}


async def send(client, pipeline_id, *operations):
    answer = await client.post(
        f"/api/v1/pipelines/{pipeline_id}/operations", json={"operations": list(operations)}
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


SAMPLE_NODE = {
    "module": "data_input_output.sample_dataset",
    "version": "1.0.0",
    "parameters": {"name": "breast_cancer"},
}
SPLIT_NODE = {"module": "data_transformation.split_data", "version": "1.0.0"}
