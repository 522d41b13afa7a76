import pytest

from tests.modules_library.programs.bench import Bench


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)
