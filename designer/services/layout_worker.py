"""A process that lays out one graph: a request on standard input, the layout on standard output."""

import os
import sys

from runtime.lean_start import import_msgspec

import_msgspec()

import msgspec  # noqa: E402 - lean first

from designer.layout import LayoutRequest, answer  # noqa: E402

PATIENCE = 5
"""How much others go first: somebody who waits for a layout has a page that must stay quick."""


def main() -> None:
    """Answer and end."""
    os.nice(PATIENCE)
    request = msgspec.json.decode(sys.stdin.buffer.read(), type=LayoutRequest)
    sys.stdout.buffer.write(msgspec.json.encode(answer(request)))


if __name__ == "__main__":
    main()
