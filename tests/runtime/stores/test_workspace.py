import os

import pytest

from runtime.errors import InfrastructureError
from runtime.stores import Workspace
from runtime.stores.workspace import file_name


def test_a_workspace_is_made_for_its_owner_only(tmp_path):
    workspace = Workspace(tmp_path / "new" / "workspace")
    assert workspace.path.stat().st_mode & 0o777 == 0o700
    assert workspace.settings_file.stat().st_mode & 0o777 == 0o600
    assert {"artifacts", "runs", "modules"} <= {path.name for path in workspace.path.iterdir()}


def test_a_workspace_of_a_newer_designer_is_refused(tmp_path):
    Workspace(tmp_path).settings_file.write_text("format = 99\n")
    with pytest.raises(InfrastructureError) as raised:
        Workspace(tmp_path)
    assert raised.value.code == "S004"


@pytest.mark.parametrize("content", [b"", b"\xff\x00[", b"form"], ids=["empty", "bytes", "cut"])
def test_damaged_settings_are_moved_aside_and_written_anew(tmp_path, content):
    settings = Workspace(tmp_path).settings_file
    whole = settings.read_text()
    settings.write_bytes(content)
    Workspace(tmp_path)
    assert settings.read_text() == whole
    assert settings.with_name("workspace.toml.broken").read_bytes() == content


def test_a_place_that_cannot_be_written_is_refused_with_a_code(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InfrastructureError) as raised:
        Workspace(tmp_path / "file" / "workspace")
    assert raised.value.code == "S002"


def test_the_socket_path_is_short_however_long_the_workspaces_is(tmp_path):
    deep = tmp_path.joinpath(*["x" * 100] * 10)
    path = Workspace(deep).socket_path()
    assert len(os.fsencode(path)) < 100
    assert path.parent.stat().st_mode & 0o077 == 0


def test_a_long_step_id_gives_a_file_name_of_its_own(tmp_path):
    names = {file_name("x" * 300), file_name("x" * 299), file_name("x" * 298 + "y")}
    assert len(names) == 3
    assert all(len(name) < 130 for name in names)
