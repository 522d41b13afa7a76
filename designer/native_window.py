"""A window of its own for the page, in a process of its own that ends the designer when it is closed.

The window is pywebview's, which the extra `native` brings. It needs the main thread of its process and
a web view of the system: GTK with WebKit or Qt on Linux, what the system has on Windows and macOS.
"""

import os
import signal
import subprocess
import sys
import threading
from importlib.util import find_spec

from designer.server import has_screen
from runtime.errors import InfrastructureError

SIZE = (1440, 900)
TITLE = "Designer"


def check_native() -> None:
    """Refuse where no window can be opened, before anything is started.

    Raises:
        InfrastructureError: A009 with what to install.
    """
    if not has_screen():
        raise _refusal(
            "there is no screen here", "Leave --native away and open the address in a browser."
        )
    if find_spec("webview") is None:
        raise _refusal(
            "pywebview is not installed", "Install it with `pip install 'designer[native]'`."
        )
    if sys.platform == "linux" and not (_has_gtk() or _has_qt()):
        raise _refusal(
            "pywebview finds neither GTK nor Qt",
            "Install one: `apt install python3-gi gir1.2-webkit2-4.1` and an environment that sees "
            "the system's packages, or `pip install 'pywebview[qt]'`.",
        )


def open_in_window(address: str) -> None:
    """Open the window; the address goes by a pipe, as other users can read a command line."""
    window = subprocess.Popen(
        [sys.executable, "-m", "designer.native_window"], stdin=subprocess.PIPE, text=True
    )
    assert window.stdin is not None
    with window.stdin as pipe:
        pipe.write(address)
    threading.Thread(target=_end_with, args=(window,), daemon=True).start()


def _end_with(window: "subprocess.Popen[str]") -> None:
    window.wait()
    os.kill(os.getpid(), signal.SIGINT)


def _has_gtk() -> bool:
    return find_spec("gi") is not None


def _has_qt() -> bool:
    return find_spec("qtpy") is not None and any(
        find_spec(binding) is not None for binding in ("PyQt6", "PySide6", "PyQt5", "PySide2")
    )


def _refusal(reason: str, remedy: str) -> InfrastructureError:
    return InfrastructureError(
        "A009", f"A window of its own cannot be opened: {reason}.", remedy=remedy
    )


def _show(address: str) -> None:
    import webview

    webview.create_window(TITLE, address, width=SIZE[0], height=SIZE[1])
    webview.start()


if __name__ == "__main__":
    _show(sys.stdin.read().strip())
