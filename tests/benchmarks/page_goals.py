"""The page: usable after the command, bytes of a first visit, the server's memory, live status.

Each beside its limit; the status change also beside a bare round trip over the same loopback.
"""

import contextlib
import json
import statistics
import tempfile
import time
from pathlib import Path

from tests.designer.serving.server_process import ServerProcess, wait_for_latest_run
from tests.designer_process import end_runner

LIMITS = {
    "usable after the command": (3.0, "s"),
    "first visit, bytes on the wire": (2.3, "MB"),
    "server idle": (170.0, "MB"),
    "status change at the page, p95": (150.0, "ms"),
}
STATUS_RUNS = 5
IS_DRAWN = "() => window.__designerCanvas && window.__designerCanvas.stats().nodes > 0"


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder) / "workspace"
        with demo(workspace):
            pass
        measured = page_of(workspace)
        with demo(workspace) as server:
            delays, trips = status_delays(server)
            measured["server idle"] = resident_mb(server.process.pid)
        measured["status change at the page, p95"] = percentile(delays, 0.95) * 1000
    print(f"{'':34}{'measured':>12}{'limit':>10}{'of limit':>10}")
    for name, (limit, unit) in LIMITS.items():
        value = measured.get(name)
        shown = f"{value:>9.2f} {unit:2}" if value is not None else f"{'-':>12}"
        share = f"{value / limit:>10.2f}" if value is not None else ""
        print(f"{name:34}{shown}{limit:>7g} {unit:2}{share}")
    trip = statistics.median(trips) * 1000
    middle = statistics.median(delays) * 1000
    print(
        f"status change, median {middle:.1f} ms of {len(delays)} changes; "
        f"a bare request over the same loopback {trip:.1f} ms ({middle / trip:.1f} x)"
    )


@contextlib.contextmanager
def demo(workspace: Path):
    """The demo, served; its run has ended when the block begins."""
    server = ServerProcess(workspace, "demo")
    try:
        with server.client() as client:
            wait_for_latest_run(client, "breast_cancer")
        yield server
    finally:
        server.interrupt()
        end_runner(workspace)


def page_of(workspace: Path) -> dict[str, float]:
    """Seconds from the command to a drawn canvas, and the bytes the first visit takes."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        page = browser.new_page()
        received: list[float] = []
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", lambda e: received.append(e["encodedDataLength"]))
        started = time.perf_counter()
        server = ServerProcess(workspace, "demo")
        try:
            page.goto(f"{server.url}/login?token={server.login_token}&next={server.page}")
            page.wait_for_function(IS_DRAWN, polling=20)
            seconds = time.perf_counter() - started
            page.wait_for_timeout(1500)
        finally:
            browser.close()
            server.interrupt()
            end_runner(workspace)
    return {
        "usable after the command": seconds,
        "first visit, bytes on the wire": sum(received) / 1e6,
    }


def status_delays(server: ServerProcess) -> tuple[list[float], list[float]]:
    """Seconds from a change in the runner to its arrival at a page, and bare round trips."""
    delays: list[float] = []
    trips: list[float] = []
    with server.client() as client, server.push("breast_cancer") as tab:
        for _ in range(STATUS_RUNS):
            body = {"pipeline_id": "breast_cancer", "options": {"regenerate": True}}
            run = client.post("/api/v1/runs", json=body).json()["run"]
            delays += delays_of(tab, run["id"])
            started = time.perf_counter()
            client.get("/health")
            trips.append(time.perf_counter() - started)
    return delays, trips


def delays_of(tab, run_id: str) -> list[float]:
    """The delays of every status change of one run."""
    delays: list[float] = []
    while True:
        message = json.loads(tab.recv(120))
        now = time.time()
        for event in message.get("events", []) if message["kind"] == "run" else []:
            if event["run_id"] != run_id or event["status"] is None:
                continue
            delays.append(max(0.0, now - event["at"]))
            if event["kind"] == "run" and event["status"] in {"completed", "failed"}:
                return delays


def percentile(values: list[float], share: float) -> float:
    """The value that this share of them does not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def resident_mb(pid: int) -> float:
    """Resident memory of a process."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if "VmRSS" in line) / 1024


if __name__ == "__main__":
    main()
