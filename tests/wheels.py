"""Wheels made by hand: what environments are built of in tests, without a network."""

import base64
import hashlib
import sysconfig
import zipfile
from importlib import metadata

from runtime.environments.floor import FLOOR_REQUIREMENTS

PURELIB = sysconfig.get_path("purelib")


def make_wheel(folder, name, version, *, needs=(), **sources):
    """A wheel of these modules: the text of each by its name."""
    stem = name.replace("-", "_")
    facts = f"{stem}-{version}.dist-info"
    required = "".join(f"Requires-Dist: {one}\n" for one in needs)
    files = {f"{module}.py": text for module, text in sources.items()} | {
        f"{facts}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{required}",
        f"{facts}/WHEEL": "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    _write(folder / f"{stem}-{version}-py3-none-any.whl", files, facts)


def stand_in(folder, name, version, *, site=PURELIB):
    """A wheel of that name and version that leads to packages that are there already."""
    stem = name.replace("-", "_")
    facts = f"{stem}-{version}.dist-info"
    files = {
        f"stand_in_{stem}.pth": site + "\n",
        f"{facts}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{facts}/WHEEL": "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    _write(folder / f"{stem}-{version}-py3-none-any.whl", files, facts)


def floor_wheels(folder):
    """What every environment holds, as stand-ins; gives the folder."""
    folder.mkdir(exist_ok=True)
    for requirement in FLOOR_REQUIREMENTS:
        name = requirement.partition(">=")[0]
        stand_in(folder, name, metadata.version(name))
    return folder


def _write(path, files, facts):
    record = [f"{name},sha256={_digest(text)},{len(text)}" for name, text in files.items()]
    files[f"{facts}/RECORD"] = "\n".join([*record, f"{facts}/RECORD,,"]) + "\n"
    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)


def _digest(text):
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
