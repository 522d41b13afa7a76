"""What is seen and touched while the view moves, and where it comes to rest."""

import base64

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("canvas_stage")]

HOLD = """async () => {
    const { view } = window.canvas;
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const { x } = view.viewport;
    for (const by of [1, 2, 1, 0]) {
        view.viewport.x = x + by;
        view.moved();
        await frame();
        await frame();
    }
    clearTimeout(view.painter.settleTimer);
    clearTimeout(view.painter.releaseTimer);
    return view.layer.isAway;
}"""
REST = "canvas.view.painter.askMoved()"
PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
DIFFERENT = """async (pictures) => {
    const read = async (picture) => {
        const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${picture}`)).blob());
        const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
        context.drawImage(bitmap, 0, 0);
        return context.getImageData(0, 0, bitmap.width, bitmap.height).data;
    };
    const [a, b] = await Promise.all(pictures.map(read));
    let count = 0;
    for (let i = 0; i < a.length; i += 4) {
        if (Math.max(...[0, 1, 2].map((at) => Math.abs(a[i + at] - b[i + at]))) > 64) count++;
    }
    return count / (a.length / 4);
}"""
STILL = ".dc-turning { animation-play-state: paused !important; } .dc-bar { visibility: hidden; }"


def shown(canvas, zoom, *, dark=False):
    """Bring a canvas to rest on whole pixels."""
    canvas.page.add_style_tag(content=STILL)
    if dark:
        canvas.page.evaluate("document.body.classList.add('body--dark')")
    canvas.page.evaluate(
        f"""() => {{ canvas.zoomTo({zoom}); const {{ viewport }} = canvas.view;
        Object.assign(viewport, {{ x: Math.round(viewport.x), y: Math.round(viewport.y) }}); canvas.view.moved(); }}"""
    )
    canvas.page.wait_for_timeout(300)


def different(canvas):
    """The share of pixels that a person could tell from each other, at rest and in motion."""
    page = canvas.page
    page.evaluate(PAINTED)
    resting = page.screenshot()
    assert page.evaluate(HOLD), "the cards are elements still"
    moving = page.screenshot()
    page.evaluate(REST)
    pictures = [base64.b64encode(picture).decode() for picture in (resting, moving)]
    return page.evaluate(DIFFERENT, pictures)


@pytest.mark.parametrize(
    ("query", "zoom", "dark"),
    [("run=1&problems=1", 1, False), ("nodes=300&run=1", 0.8, True), ("run=1", 0.6, False)],
)
def test_cards_look_the_same_in_motion_and_at_rest(open_canvas, query, zoom, dark):
    canvas = open_canvas(query)
    shown(canvas, zoom, dark=dark)
    assert different(canvas) < 0.0025


def test_what_people_do_to_cards_is_seen_in_motion_too(open_canvas):
    canvas = open_canvas("run=1")
    shown(canvas, 1)
    canvas.page.evaluate("""() => {
        session.select(["split"]);
        canvas.view.showFound(["clean"]);
        const { nodes } = session.document;
        session.edit("Disable", [{ op: "set", path: ["nodes", "script", "state"], value: { kind: "disabled" } }]);
    }""")
    canvas.page.wait_for_timeout(400)
    canvas.page.add_style_tag(content=".dc-toolbox { visibility: hidden; }")
    assert different(canvas) < 0.0025


def test_a_state_that_changes_in_motion_is_painted(open_canvas):
    canvas = open_canvas("run=1")
    shown(canvas, 1)
    assert canvas.page.evaluate(HOLD)
    canvas.page.evaluate(
        """() => transport.onMessage({ kind: "run", events: ["load", "split", "score"].map((step) =>
            ({ run_id: session.run.id, kind: "step", step, status: "failed", data: { seconds: 1 } })) })"""
    )
    assert canvas.page.evaluate(HOLD)
    moving = canvas.page.screenshot()
    canvas.page.evaluate(REST)
    canvas.page.wait_for_timeout(200)
    pictures = [
        base64.b64encode(picture).decode() for picture in (canvas.page.screenshot(), moving)
    ]
    assert canvas.page.evaluate(DIFFERENT, pictures) < 0.0025
    assert canvas.page.locator("[data-node=load] .dc-status-failed").is_visible()


def test_a_click_in_motion_goes_to_the_node_and_the_mark_under_it(open_canvas):
    canvas = open_canvas("run=1")
    canvas.page.evaluate(
        "session.addEventListener('open', ({ detail }) => (window.opened = detail))"
    )

    def pan(dx, dy):
        canvas.mouse.move(600, 400)
        for _ in range(4):
            canvas.mouse.wheel(dx, dy)
            canvas.page.evaluate(PAINTED)
        assert canvas.page.evaluate(HOLD)

    pan(14, 9)
    canvas.click("train")
    assert canvas.selected() == {"train"}
    canvas.page.evaluate("session.select([])")
    pan(-14, 3)
    rect = canvas.page.evaluate("canvas.nodeRect('train_2')")
    zoom = canvas.stats()["zoom"]
    mark = rect["x"] + rect["width"] - 19 * zoom, rect["y"] + 16 * zoom
    canvas.page.mouse.move(*mark)
    canvas.page.evaluate("session.select(['train_2'])")
    pan(9, 0)
    canvas.mouse.click(mark[0] - 36, mark[1])
    assert canvas.page.evaluate("window.opened") == {"node": "train_2", "tab": "error"}
    canvas.mouse.move(*canvas.middle("load"))
    assert canvas.page.locator("[data-node=load][data-hover]").count() == 1


def test_the_keyboard_stays_on_its_card_and_cards_stay_in_the_tree(open_canvas):
    canvas = open_canvas("run=1")
    canvas.keys.press("Tab")
    while not canvas.page.evaluate("document.activeElement.dataset.node ?? ''"):
        canvas.keys.press("Tab")
    focused = canvas.page.evaluate("document.activeElement.dataset.node")
    assert canvas.page.evaluate(HOLD)
    assert canvas.page.evaluate("document.activeElement.dataset.node") == focused
    assert canvas.page.evaluate("canvas.view.layer.focused") == focused
    assert canvas.page.get_by_role("option", name="Train logistic, failed").count() == 1


def test_all_cards_in_view_are_elements_soon_after_it_rests(open_canvas):
    canvas = open_canvas("nodes=300&run=1")
    shown(canvas, 1)
    for _ in range(12):
        canvas.page.evaluate("canvas.view.viewport.pan(-90, -60); canvas.view.moved();")
        canvas.page.evaluate(PAINTED)
    canvas.page.wait_for_function("!canvas.view.layer.isAway")
    canvas.page.wait_for_function(
        "canvas.view.layer.missing(canvas.view.scene.inside(canvas.view.viewport.rect)).length === 0"
    )


FAST_ZOOM = """async () => {
    const { view } = window.canvas;
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const { picture } = view.painter;
    let taken = 0;
    const take = picture.take.bind(picture);
    picture.take = (...given) => { taken++; take(...given); };
    let fewest = Infinity;
    for (const zoom of [0.9, 0.5, 0.3, 0.15, 0.3, 0.6, 1, 0.4, 0.1]) {
        view.viewport.zoomTo(zoom);
        view.moved();
        await frame();
        fewest = Math.min(fewest, painted(view));
    }
    return [taken, fewest];

    function painted({ ground, scene, viewport }) {
        const context = ground.getContext("2d");
        const ratio = ground.width / viewport.width;
        const one = new OffscreenCanvas(1, 1).getContext("2d");
        one.fillStyle = view.colours.canvas;
        one.fillRect(0, 0, 1, 1);
        const backdrop = String(one.getImageData(0, 0, 1, 1).data);
        const inside = scene.inside(viewport.rect).map((slot) => scene.rect(slot)).filter(({ x, y, width, height }) => {
            const [left, top] = [x * viewport.zoom + viewport.x, y * viewport.zoom + viewport.y];
            return left > 0 && top > 0 && left + width * viewport.zoom < viewport.width && top + height * viewport.zoom < viewport.height;
        });
        const seen = inside.filter(({ x, y, width, height }) => {
            const at = [(x + width / 2) * viewport.zoom + viewport.x, (y + height / 2) * viewport.zoom + viewport.y];
            return String(context.getImageData(Math.round(at[0] * ratio), Math.round(at[1] * ratio), 1, 1).data) !== backdrop;
        });
        return inside.length ? seen.length / inside.length : 1;
    }
}"""


def test_a_fast_zoom_waits_for_no_picture_and_leaves_no_node_out(open_canvas):
    canvas = open_canvas("nodes=300")
    shown(canvas, 1)
    taken, fewest = canvas.page.evaluate(FAST_ZOOM)
    assert taken <= 1, "only the first picture is waited for"
    assert fewest > 0.95
