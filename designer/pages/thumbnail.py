"""A pipeline's graph as a small drawing: boxes by category, wires between them."""

from collections.abc import Callable

from designer.pages.elements import category_style
from designer.pages.markup import Markup, tag
from designer.services.answers import Thumbnail

__all__ = ["draw_thumbnail"]

WIDTH, HEIGHT = 240.0, 132.0
_MARGIN = 14.0
_NODE = (200.0, 64.0)
_LARGEST_SCALE = 0.2


def draw_thumbnail(looks: Thumbnail) -> Markup:
    """The drawing as SVG; an empty pipeline gives an empty drawing."""
    if not looks.nodes:
        return tag("svg.pg-thumbnail", viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}", aria_hidden="true")
    place, width, height = _placing(looks)
    spots = [place(x, y) for x, y, _ in looks.nodes]
    wires = [
        _wire(spots[start], spots[end], width, height)
        for start, end in looks.wires
        if start < len(spots) and end < len(spots)
    ]
    boxes = [
        _box(spot, width, height, category)
        for spot, (_, _, category) in zip(spots, looks.nodes, strict=True)
    ]
    return tag(
        "svg.pg-thumbnail",
        wires,
        boxes,
        viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}",
        aria_hidden="true",
        preserveAspectRatio="xMidYMid meet",
    )


def _placing(
    looks: Thumbnail,
) -> tuple[Callable[[float, float], tuple[float, float]], float, float]:
    """From a place on the canvas to one on the drawing, and a box's width and height on it."""
    left, top = min(n[0] for n in looks.nodes), min(n[1] for n in looks.nodes)
    right = max(n[0] for n in looks.nodes) + _NODE[0]
    bottom = max(n[1] for n in looks.nodes) + _NODE[1]
    scale = min(
        _LARGEST_SCALE,
        (WIDTH - 2 * _MARGIN) / (right - left),
        (HEIGHT - 2 * _MARGIN) / (bottom - top),
    )
    shift_x = (WIDTH - (right - left) * scale) / 2
    shift_y = (HEIGHT - (bottom - top) * scale) / 2

    def place(x: float, y: float) -> tuple[float, float]:
        return shift_x + (x - left) * scale, shift_y + (y - top) * scale

    return place, max(_NODE[0] * scale, 3.0), max(_NODE[1] * scale, 2.0)


def _box(spot: tuple[float, float], width: float, height: float, category: str) -> Markup:
    x, y = spot
    shape = {"x": f"{x:.1f}", "y": f"{y:.1f}", "height": f"{height:.1f}"}
    return tag(
        "g",
        tag("rect.pg-thumbnail-node", **shape, width=f"{width:.1f}", rx="2"),
        tag("rect.pg-thumbnail-edge", **shape, width=f"{max(width * 0.08, 1.6):.1f}", rx="1"),
        style=category_style(category),
    )


def _wire(
    start: tuple[float, float], end: tuple[float, float], width: float, height: float
) -> Markup:
    x1, y1 = start[0] + width / 2, start[1] + height
    x2, y2 = end[0] + width / 2, end[1]
    bend = max(abs(y2 - y1) / 2, 4)
    path = f"M{x1:.1f} {y1:.1f}C{x1:.1f} {y1 + bend:.1f} {x2:.1f} {y2 - bend:.1f} {x2:.1f} {y2:.1f}"
    return tag("path.pg-thumbnail-wire", d=path)
