"""The canvas at 300 to 20,000 nodes: goals G1 to G7 and G9, beside the plain limit.

The page holds the shipped canvas with real nodes and a server that lives in the page. The limit
is the same graph painted by bare `fillRect` and `lineTo` in the same run: read the ratios.
"""

from playwright.sync_api import sync_playwright

from tests.web.stage_server import serve_stage

SIZES = (300, 500, 2000, 5000, 20_000)
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--headless=new",
    "--enable-precise-memory-info",
]
UNCAPPED = ["--disable-frame-rate-limit", "--disable-gpu-vsync"]
IMPORT = "const m = await import('/stage/measure.js'); const { view } = canvas;"
SCENARIOS = (
    "m.scenarios({ viewport: view.viewport, draw: () => view.moved(), fit: () => view.fit() })"
)
LIMIT = (
    "const limit = m.createLimit(view);"
    "const s = m.scenarios({ viewport: view.viewport, draw: limit.draw, fit: () => view.fit() });"
)
GOALS = {
    "G1 navigation to interactive, ms": (600, 600, 800, 1200, 1200),
    "G2 pan at overview, median ms": (3, 3, 4, 6, 6),
    "G2 pan at overview, p95 ms": (8, 8, 10, 16, 16),
    "G3 zoom sweep, p95 ms": (16, 16, 25, 25, 25),
    "G4 pan at 100 %, median ms": (8, 8, 8, 8, 8),
    "G4 pan at 100 %, p95 ms": (16, 16, 16, 16, 16),
    "G5 drag with wires at 60 Hz, p95 ms": (20, 20, 20, 20, 20),
    "G6 status of all nodes painted, ms": (35, 35, 50, 60, 60),
    "G7 heap, MB": (20, 20, 25, 40, 40),
    "G9 live run, busy share %": (10, 10, 10, 10, 10),
    "G9 live run, p95 frame ms": (20, 20, 20, 20, 20),
    "live run, panned at 100 %: busy share %": (50, 50, 50, 50, 50),
    "live run, panned at 100 %: p95 frame ms": (20, 20, 20, 20, 20),
}


def main() -> None:
    """Print the table."""
    columns = {}
    with serve_stage() as address, sync_playwright() as playwright:
        for size in SIZES:
            columns[size] = {
                **_uncapped(playwright, address, size),
                **_capped(playwright, address, size),
            }
    width = max(map(len, [*GOALS, *columns[SIZES[0]]]))
    print(f"{'':{width}}" + "".join(f"{size:>10} nodes (goal)" for size in SIZES))
    for name in columns[SIZES[0]]:
        cells = [_cell(columns[size][name], GOALS.get(name), i) for i, size in enumerate(SIZES)]
        print(f"{name:{width}}" + "".join(cells))


def _cell(value, goals, index):
    if goals is None:
        return f"{value:>14.1f}         "
    verdict = "" if value <= goals[index] else " !"
    return f"{value:>14.1f} ({goals[index]:g}){verdict}".ljust(23)


def _open(playwright, address, size, extra=()):
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=[*ARGS, *extra])
    page = browser.new_page(viewport={"width": 1280, "height": 780})
    for _ in range(2):  # the second visit has the files in its cache, as a person's has
        page.goto(f"{address}?nodes={size}&run=1")
        page.wait_for_function("window.isReady", timeout=60_000)
    page.wait_for_timeout(500)
    return browser, page


def _run(page, code):
    return page.evaluate(f"async () => {{ {IMPORT} {code} }}")


def _uncapped(playwright, address, size):
    browser, page = _open(playwright, address, size, UNCAPPED)
    clock = _ThreadClock(page)
    ours, cpu = {}, {}
    for name in ("panFit", "zoomSweep", "panWork"):
        with clock:
            ours[name] = _run(page, f"return {SCENARIOS}.{name}();")
        cpu[name] = clock.ms / ours[name]["count"]
    elements = _run(
        page, "return document.querySelectorAll('.dc-node *').length / view.layer.elements.size;"
    )
    limit = _run(page, f"{LIMIT} const r = await s.panFit(); limit.remove(); return r;")
    limit_near = _run(page, f"{LIMIT} const r = await s.panWork(); limit.remove(); return r;")
    browser.close()
    return {
        "G2 pan at overview, median ms": ours["panFit"]["median"],
        "G2 pan at overview, p95 ms": ours["panFit"]["p95"],
        "   main thread busy, ms of CPU": cpu["panFit"],
        "   limit, median ms": limit["median"],
        "   ratio to the limit": ours["panFit"]["median"] / limit["median"],
        "G3 zoom sweep, p95 ms": ours["zoomSweep"]["p95"],
        "   main thread busy, ms of CPU ": cpu["zoomSweep"],
        "G4 pan at 100 %, median ms": ours["panWork"]["median"],
        "G4 pan at 100 %, p95 ms": ours["panWork"]["p95"],
        "   main thread busy, ms of CPU  ": cpu["panWork"],
        "   limit without culling, median ms": limit_near["median"],
        "   elements in a node": elements,
    }


class _ThreadClock:
    """CPU time of the page's main thread, which other programs on the machine do not stretch."""

    def __init__(self, page):
        self.session = page.context.new_cdp_session(page)
        self.session.send("Performance.enable", {"timeDomain": "threadTicks"})
        self.ms = 0.0

    def __enter__(self):
        self.before = self._now()
        return self

    def __exit__(self, *_):
        self.ms = (self._now() - self.before) * 1000

    def _now(self):
        metrics = self.session.send("Performance.getMetrics")["metrics"]
        return next(item["value"] for item in metrics if item["name"] == "TaskDuration")


def _capped(playwright, address, size):
    browser, page = _open(playwright, address, size)
    ready = page.evaluate("readyAt")
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    heap = session.send("Runtime.getHeapUsage")["usedSize"] / 1e6
    all_at_once = _run(page, "return m.statusOfAll(session);")
    drag = _drag(page)
    _run(page, "view.fit(); await m.painted();")
    clock = _ThreadClock(page)
    with clock:
        live = _run(page, "return m.liveRun(session, transport);")
    used = _ThreadClock(page)
    with used:
        panned = _run(page, f"return m.liveRun(session, transport, () => {SCENARIOS}.panWork());")
    browser.close()
    return {
        "G1 navigation to interactive, ms": ready,
        "G5 drag with wires at 60 Hz, p95 ms": drag,
        "G6 status of all nodes painted, ms": all_at_once,
        "G7 heap, MB": heap,
        "G9 live run, busy share %": clock.ms / 20,
        "G9 live run, p95 frame ms": live["p95"],
        "live run, panned at 100 %: busy share %": used.ms / 20,
        "live run, panned at 100 %: p95 frame ms": panned["p95"],
    }


def _drag(page):
    """A real mouse on a node with at least three wires, for two seconds."""
    node = _run(
        page,
        """const { scene } = view; const count = new Map();
        for (let w = 0; w < scene.wireCount; w++) for (const slot of [scene.wireFrom[w], scene.wireTo[w]])
            count.set(slot, (count.get(slot) ?? 0) + 1);
        const slot = [...count].find(([slot, wires]) => wires >= 3 && scene.y[slot] > 200)[0];
        view.zoomTo(1); view.center({ x: scene.x[slot] + 104, y: scene.y[slot] + 32 }); await m.painted();
        return scene.ids[slot];""",
    )
    rect = page.evaluate(f"canvas.nodeRect('{node}')")
    x, y = rect["x"] + 60, rect["y"] + 32
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate("import('/stage/measure.js').then((m) => (window.dragging = m.frames(() => {})))")
    for step in range(130):
        page.mouse.move(x + 3 * (step % 60), y + 2 * (step % 50))
        page.wait_for_timeout(8)
    result = page.evaluate("window.dragging")
    page.mouse.up()
    return result["p95"]


if __name__ == "__main__":
    main()
