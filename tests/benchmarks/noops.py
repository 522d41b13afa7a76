"""Executors that do next to nothing, so that what is measured is the engine."""

import os
import signal
import time

from runtime.model import ArtifactRef, OutputFile
from runtime.model.digest import digest_bytes


def nothing(request, emit):
    return {}


def noop(request, emit):
    """Write the step's number to each output."""
    data = b"%d" % request.parameters.get("number", 0)
    outputs = {}
    for port in request.outputs:
        path = f"{request.folder}/outputs/{port.name}"
        with open(path, "wb") as file:
            file.write(data)
        ref = ArtifactRef(type="Value", digest=digest_bytes(data), bytes=len(data), format="json")
        outputs[port.name] = OutputFile(ref=ref, path=path)
    return outputs


def kill_itself_once(request, emit):
    if request.parameters.get("kill") and request.attempt == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return {}


def hang(request, emit):
    time.sleep(3600)
