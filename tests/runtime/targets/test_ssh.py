"""What belongs to SSH alone: its package, its fingerprints, and that one file knows it."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from runtime.errors import InfrastructureError
from runtime.model import Target
from runtime.targets.declaring import examine
from runtime.targets.remote.ssh import fingerprint_of

RUNTIME = Path(__file__).parents[3] / "runtime"


def test_without_asyncssh_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "asyncssh", None)
    target = Target(name="box", kind="ssh", settings={"host": "h"})
    with pytest.raises(InfrastructureError) as caught:
        asyncio.run(examine(target))
    assert caught.value.code == "T005" and "pip install 'designer[ssh]'" in str(caught.value)


def test_one_file_knows_asyncssh():
    knowing = [path for path in RUNTIME.rglob("*.py") if "import asyncssh" in path.read_text()]
    assert knowing == [RUNTIME / "targets/remote/ssh.py"]


@pytest.mark.ssh
def test_a_fingerprint_is_what_ssh_keygen_shows(tmp_path):
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    shown = subprocess.run(
        ["ssh-keygen", "-lf", f"{key}.pub"], check=True, capture_output=True, text=True
    ).stdout
    assert fingerprint_of(Path(f"{key}.pub").read_text()) == shown.split()[1]
    assert fingerprint_of("nonsense") == ""
