import pytest

from runtime.environments.environment_files import EnvironmentFiles
from runtime.model import PackageSource
from tests.wheels import floor_wheels, make_wheel


@pytest.fixture(scope="session")
def wheels(tmp_path_factory):
    """A folder of wheels: the floor, `tint` in two versions, and two that cannot be together."""
    folder = floor_wheels(tmp_path_factory.mktemp("wheels") / "wheels")
    make_wheel(folder, "tint", "1.0", tint="VALUE = 'one'\n")
    make_wheel(folder, "tint", "2.0", tint="VALUE = 'two'\n")
    make_wheel(folder, "old-friend", "1.0", needs=["tint<2"], old_friend="")
    make_wheel(folder, "new-friend", "1.0", needs=["tint>=2"], new_friend="")
    return folder


@pytest.fixture
def files(tmp_path, wheels):
    """The environments of a workspace that has no network."""
    files = EnvironmentFiles(tmp_path / "workspace")
    files.set_source(PackageSource(wheels=str(wheels)))
    return files
