"""The limit on the memory of a read worker: what asks for more than it is told so, and ended."""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from runtime.errors import DesignerError, InfrastructureError

LOOK_EVERY_S = 0.05
_STATUS = Path("/proc/self/status")


def watch_memory(
    most_bytes: int, refuse: Callable[[DesignerError], None], asked: threading.Event
) -> None:
    """Watch this process from a thread; beyond the limit refuse what is going on and exit.

    Mapped files are not counted: the system takes their pages back when it needs them.

    Args:
        most_bytes: The limit.
        refuse: Answers with an error.
        asked: Set with the first request; before it nobody could be told.
    """
    if memory_in_use() is None:
        return

    def watch() -> None:
        asked.wait()
        while (memory_in_use() or 0) <= most_bytes:
            time.sleep(LOOK_EVERY_S)
        refuse(
            InfrastructureError(
                "S007",
                f"Looking at this takes more than the {most_bytes / 1e9:.1f} GB of memory it may.",
                remedy="Filter the table, sort by fewer columns, or choose fewer of them.",
            )
        )
        os._exit(1)

    threading.Thread(target=watch, name="memory", daemon=True).start()


def memory_in_use() -> int | None:
    """Bytes of this process that are no file's; None where the system does not tell."""
    try:
        text = _STATUS.read_text(encoding="ascii")
    except OSError:
        return None
    _, is_there, rest = text.partition("RssAnon:")
    return int(rest.split()[0]) * 1024 if is_there else None
