"""Two hundred open editors while a step reports its progress ten times a second.

Each editor is a connection to the push channel of the pipeline that runs, as a browser tab holds one.
Beside the limits: a third of one core, 0.25 MB of the server's memory per editor. The same run with
no editor open is taken off. Then everybody selects another node once a second, and each page is told
where the others are.
"""

import asyncio
import tempfile
import time
from pathlib import Path

import msgspec
from websockets.asyncio.client import ClientConnection, connect

from tests.benchmarks.page_goals import percentile, resident_mb
from tests.designer.serving.server_process import ServerProcess, serving

EDITORS = 200
SECONDS = 10
TICKS_A_SECOND = 10
PIPELINE = "watched"
MODULE = f'''
import time

import polars as pl
from modules_library.sdk import StepContext, module


@module(version="1.0.0")
def tick(*, context: StepContext) -> pl.DataFrame:
    """Report progress at a steady rate."""
    ticks = {SECONDS * TICKS_A_SECOND}
    for at in range(ticks):
        context.progress(at / ticks, f"tick {{at}}")
        time.sleep({1 / TICKS_A_SECOND})
    return pl.DataFrame()
'''


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder) / "workspace"
        (workspace / "modules").mkdir(parents=True)
        (workspace / "modules/tick.py").write_text(MODULE)
        with serving(workspace) as server:
            alone, together, memory, delays, clicking = asyncio.run(_measure(server))
    share = max(0.0, together - alone) / SECONDS
    print(f"{EDITORS} editors, {TICKS_A_SECOND} status changes a second, {SECONDS} s")
    print(f"{'':44}{'measured':>12}{'limit':>10}{'of limit':>10}")
    print(f"{'server, share of one core':44}{share:>12.3f}{1 / 3:>10.3f}{share * 3:>10.2f}")
    each = memory / EDITORS
    print(f"{'server memory per editor, MB':44}{each:>12.3f}{0.25:>10.2f}{each / 0.25:>10.2f}")
    late = percentile(delays, 0.95) * 1000
    print(
        f"{'change in the step until it is at an editor, p95':44}{late:>8.0f} ms{150:>9} ms{late / 150:>9.2f}"
    )
    seconds, told, size = clicking
    print(
        f"{'server while all click, share of one core':44}{seconds:>12.3f}{1 / 3:>10.3f}{seconds * 3:>10.2f}"
    )
    print(
        f"{'presence told to each editor, messages a second':48}{told:>8.2f}{5:>10}{told / 5:>10.2f}"
    )
    print(f"one such message has {size:.0f} bytes")
    print(f"with no editor open the same run takes {alone / SECONDS:.3f} of a core in the server")


async def _measure(
    server: ServerProcess,
) -> tuple[float, float, float, list[float], tuple[float, float, float]]:
    with server.client() as client:
        graph = {
            "format": 1,
            "name": "Watched",
            "nodes": {"tick": {"module": "custom.tick", "version": "draft"}},
        }
        client.post("/api/v1/pipelines", json={"graph": graph}).raise_for_status()
        pipeline = client.get("/api/v1/pipelines").json()["pipelines"][0]["id"]
    await asyncio.to_thread(_run, server, pipeline)
    alone = await asyncio.to_thread(_run, server, pipeline)
    before = resident_mb(server.process.pid)
    editors = [await _open(server, pipeline, number) for number in range(EDITORS)]
    delays: list[float] = []
    presence: list[int] = []
    readers = [asyncio.create_task(_read(editor, delays, presence)) for editor in editors]
    together = await asyncio.to_thread(_run, server, pipeline)
    memory = resident_mb(server.process.pid) - before
    clicking = await _click(server, editors, presence)
    for reader, editor in zip(readers, editors, strict=True):
        reader.cancel()
        await editor.close()
    return alone, together, memory, delays, clicking


async def _click(
    server: ServerProcess, editors: list[ClientConnection], presence: list[int]
) -> tuple[float, float, float]:
    """Everybody selects once a second; gives the share of a core, and messages to each a second."""
    presence.clear()
    started = _cpu_seconds(server.process.pid)

    async def hand(number: int, editor: ClientConnection) -> None:
        await asyncio.sleep(number / EDITORS)
        for click in range(SECONDS):
            at = {"scope": "", "selected": [{"scope": "", "node": f"node_{click}"}]}
            await editor.send(msgspec.json.encode({"at": at}).decode())
            await asyncio.sleep(1)

    await asyncio.gather(*(hand(number, editor) for number, editor in enumerate(editors)))
    share = (_cpu_seconds(server.process.pid) - started) / SECONDS
    size = sum(presence) / max(1, len(presence))
    return share, len(presence) / EDITORS / SECONDS, size


async def _open(server: ServerProcess, pipeline: str, number: int) -> ClientConnection:
    address = server.url.replace("http", "ws", 1)
    return await connect(
        f"{address}/api/v1/push?pipeline={pipeline}&client=b{number}.1&name=Person+{number}",
        additional_headers={"Authorization": f"Bearer {server.token}"},
    )


async def _read(editor: ClientConnection, delays: list[float], presence: list[int]) -> None:
    async for text in editor:
        now = time.time()
        message = msgspec.json.decode(text)
        if message["kind"] == "run":
            delays += [now - event["at"] for event in message["events"] if event["kind"] == "step"]
        elif message["kind"] == "presence":
            presence.append(len(text))


def _run(server: ServerProcess, pipeline: str) -> float:
    """Run to the end; gives the seconds of processor time that the server took."""
    with server.client() as client:
        started = _cpu_seconds(server.process.pid)
        body = {"pipeline_id": pipeline, "options": {"regenerate": True}}
        answer = client.post("/api/v1/runs", json=body)
        assert answer.is_success, answer.text
        run = answer.json()["run"]["id"]
        time.sleep(SECONDS)
        while client.get(f"/api/v1/runs/{run}").json()["status"] in {"queued", "running"}:
            time.sleep(0.2)
        return _cpu_seconds(server.process.pid) - started


def _cpu_seconds(pid: int) -> float:
    """Processor time of a process, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


if __name__ == "__main__":
    main()
