"""Serves the canvas alone: the shipped files, NiceGUI's Vue and fonts, and the stage page."""

import functools
import http.server
import threading
from contextlib import contextmanager
from pathlib import Path

import nicegui

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
FOLDERS = {
    "designer": ROOT / "designer",
    "theme": ROOT / "assets/theme",
    "nicegui": Path(nicegui.__file__).parent / "static",
    "stage": HERE / "stage",
}


class _Handler(http.server.SimpleHTTPRequestHandler):
    extensions_map = {
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
    }

    def translate_path(self, path):
        first, _, rest = path.split("?")[0].lstrip("/").partition("/")
        if first == "fakes.js":
            return str(HERE / "fakes.js")
        return str(FOLDERS.get(first, HERE / "stage") / (rest or "index.html"))

    def log_message(self, *_):
        pass


@contextmanager
def serve_stage():
    """The address of the stage while it is served."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Handler))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    with serve_stage() as address:
        print(address, flush=True)
        threading.Event().wait()
