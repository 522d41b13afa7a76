"""A program that embeds the engine: finishes what was left, or runs the plan it is given."""

import sys
from pathlib import Path

import msgspec

from runtime.execution.embedded import resume_runs, run_plan
from runtime.model import Plan
from runtime.stores import Workspace

if __name__ == "__main__":
    place = Workspace(sys.argv[1])
    if len(sys.argv) > 2:
        run_plan(msgspec.json.decode(Path(sys.argv[2]).read_bytes(), type=Plan), place)
    else:
        resume_runs(place)
