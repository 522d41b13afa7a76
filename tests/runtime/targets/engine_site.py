"""The site of a Docker engine whose containers see the folder of the test beside the artifacts."""

import os
from pathlib import Path

from runtime.targets.containers.site import EngineSite

SITE = f"{__name__}:site_of"


def site_of(target, ear):
    folder = str(Path(ear.artifacts).parent)
    os.chmod(folder, 0o777)
    mount = {"Type": "bind", "Source": folder, "Target": folder}
    return EngineSite(target, ear, mounts=[mount])
