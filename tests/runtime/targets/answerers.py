"""What test questions are answered by: named fakes that the schema worker imports."""

import os
import pathlib
import signal
import socket
import subprocess
import time

import msgspec


def echo(argument: bytes) -> object:
    return msgspec.json.decode(argument)


def pid(argument: bytes) -> int:
    return os.getpid()


def die(argument: bytes) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def crash(argument: bytes) -> None:
    os.abort()


def leave(argument: bytes) -> None:
    os._exit(3)


def hang(argument: bytes) -> None:
    while True:
        time.sleep(60)


def raise_fault(argument: bytes) -> None:
    raise ValueError("not today")


def take_memory(argument: bytes) -> int:
    return len(bytearray(8 << 30))


def print_much(argument: bytes) -> str:
    print("x" * 1_000_000, flush=True)
    os.write(1, b'{"value": "forged"}\n')
    return "quiet"


def effects(argument: bytes) -> dict[str, str]:
    """Try to change something in every way; which of the tries were refused."""
    place = pathlib.Path(msgspec.json.decode(argument)["place"])
    return {name: _tried(action, place) for name, action in _EFFECTS.items()}


def _tried(action, place):
    try:
        action(place)
    except OSError:
        return "refused"
    except BaseException as exc:  # noqa: BLE001 - a library's own kind of error
        return f"refused ({type(exc).__name__})"
    return "done"


def _polars(place):
    import polars as pl

    pl.DataFrame({"a": [1]}).write_csv(place / "kept.txt")


def _arrow(place):
    import pyarrow as pa

    pa.OSFile(str(place / "kept.txt"), "wb").write(b"x")


def _duckdb(place):
    import duckdb

    duckdb.connect(str(place / "new.duckdb"))


_EFFECTS = {
    "write": lambda place: (place / "new.txt").write_text("x"),
    "overwrite": lambda place: (place / "kept.txt").write_text("x"),
    "append": lambda place: (place / "kept.txt").open("a"),
    "truncate": lambda place: os.truncate(place / "kept.txt", 0),
    "remove": lambda place: (place / "kept.txt").unlink(),
    "rename": lambda place: (place / "kept.txt").rename(place / "other.txt"),
    "make a folder": lambda place: (place / "folder").mkdir(),
    "link": lambda place: (place / "link").symlink_to(place / "kept.txt"),
    "start a program": lambda place: subprocess.run(["touch", place / "new.txt"], check=True),
    "connect": lambda place: socket.create_connection(("127.0.0.1", 9), timeout=1),
    "signal": lambda place: os.kill(os.getppid(), 0),
    "polars writes": _polars,
    "arrow writes": _arrow,
    "duckdb opens a file": _duckdb,
}
