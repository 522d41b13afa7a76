"""A program that edits: it says on its output what was acknowledged, and may die at any moment.

python -m tests.chaos.editing_program WORKSPACE NUMBER_OF_EDITS
"""

import asyncio
import os
import sys
from pathlib import Path

from designer.document.operations import Change, Operation
from designer.services.services import Services
from modules_library.registry import Registry
from runtime.targets.target_file import TargetFile
from tests.chaos.edits import EDITED, MODULE, TARGET
from tests.modules_library.registry.sources import no_example, write


async def edit(workspace, count):
    services = Services(workspace)
    if EDITED not in await services.pipelines.ids():
        await services.pipelines.create(EDITED)
    for number in range(count):
        change = Change(path=("parameters", f"p{number}"), after={"type": "int", "default": number})
        operation = Operation(id=f"{os.getpid()}-{number}", changes=(change,))
        (result,) = (await services.pipelines.apply(EDITED, [operation])).results
        assert result.status == "accepted", result
        acknowledge(f"edit p{number}")
        if number % 4 == 3:
            await services.files.save(EDITED)
            acknowledge(f"file p{number}")
        if number == 5:
            publish(workspace)
        if number == 9:
            TargetFile(workspace).add(TARGET)
            acknowledge("target")
    services.database.close()


def publish(workspace):
    registry = Registry(workspace)
    registry.publish(write(workspace), run_example=no_example)
    registry.close()
    acknowledge(f"module {MODULE}")


def acknowledge(what):
    os.write(1, f"{what}\n".encode())


if __name__ == "__main__":
    asyncio.run(edit(Path(sys.argv[1]), int(sys.argv[2])))
