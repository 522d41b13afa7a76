"""How large nodes are and where their ports are: what `scene/geometry.js` says, for the server."""

from designer.layout import up_to_grid

NODE_WIDTH = 208
NODE_HEIGHT = 64
PORT_PITCH = 26


def node_width(inputs: int, outputs: int) -> int:
    """The width of a node with so many ports: wider only where they would crowd.

    >>> node_width(2, 1), node_width(9, 1)
    (208, 264)
    """
    return max(NODE_WIDTH, up_to_grid((max(inputs, outputs) + 1) * PORT_PITCH))


def port_offset(width: float, index: int, count: int) -> float:
    """Where a port is, from its node's left edge."""
    return width * (index + 1) / (count + 1)
