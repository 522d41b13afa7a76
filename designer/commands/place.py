"""Which workspace a command works on."""

import argparse
import os
from pathlib import Path

MARKER = "workspace.toml"
FOLDER = "workspace"


def workspace_of(chosen: argparse.Namespace) -> Path:
    """The folder: from the option, from DESIGNER_WORKSPACE, or the one around this folder.

    Where there is none so far, it is `workspace` below this folder.
    """
    named = getattr(chosen, "workspace", None) or os.environ.get("DESIGNER_WORKSPACE")
    if named:
        return Path(named).expanduser().absolute()
    here = Path.cwd()
    around = next((folder for folder in (here, *here.parents) if (folder / MARKER).exists()), None)
    return around or here / FOLDER
