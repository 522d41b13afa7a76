"""A designer for tests: the whole app over a fresh workspace, without pages, runner and sockets."""

import contextlib
import functools
import tempfile
from pathlib import Path

import httpx

from designer.app import create_app
from designer.store.schema import bring_up_to_date
from runtime.stores import Workspace

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


@functools.cache
def migrated() -> bytes:
    """A database that was brought up to date once: Alembic takes longer than most tests."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "designer.db"
        bring_up_to_date(path)
        return path.read_bytes()


def give_database(workspace):
    """Put the migrated database where a workspace has none yet."""
    path = Workspace(workspace).designer_db
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(migrated())


@contextlib.asynccontextmanager
async def running_app(workspace, *, with_runner=False):
    give_database(workspace)
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
