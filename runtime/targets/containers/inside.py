"""What a step's container runs: the one request of its attempt folder.

Standard output speaks to the agent, in JSON lines like any worker; what the step prints goes to
standard error. The engine keeps both, so an agent that comes later reads everything from the start.
"""

import os

from runtime.targets.emitter import Emitter
from runtime.worker import (
    REQUEST,
    decode_request,
    encode,
    limit_by_default,
    run_step,
    show_each_line,
    write_all,
)


def main(folder: str) -> None:
    """Execute the request and end."""
    events = os.dup(1)
    os.dup2(2, 1)
    with open(f"{folder}/{REQUEST}", "rb") as file:
        request = decode_request(file.read())
    show_each_line()
    os.chdir(folder)
    limit_by_default()
    emitter = Emitter(lambda data: write_all(events, data))
    ending = run_step(request, emitter.emit)
    emitter.flush()
    write_all(events, encode(ending) + b"\n")
    os._exit(0)
