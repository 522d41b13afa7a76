"""The rules of the house, kept true: codes, public names, no hidden execution, no outside calls."""

import ast
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

from designer.pages.library_list import ORDER as LIBRARY_ORDER
from runtime.error_codes import CODES

ROOT = Path(__file__).parents[2]
ROOMS = ("runtime", "modules_library", "designer")
CODE = re.compile(r"""["']([GPVMLERTDSAX]\d{3})["']""")
SOURCES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
EXECUTES_MODULE_CODE = {
    "modules_library/sdk/execution.py",
    "modules_library/builtin/python_language/execute_python_script.py",
}


def codes_in(paths):
    return {code for path in paths for code in CODE.findall(path.read_text())}


def test_every_error_code_in_the_sources_is_declared_and_every_declared_one_is_used():
    used = codes_in(path for path in SOURCES if path.name != "error_codes.py")
    assert used - set(CODES) == set()
    assert set(CODES) - used == set()


def test_every_error_code_is_produced_by_a_test():
    tested = codes_in(
        path for path in (ROOT / "tests").rglob("*.py") if "architecture" not in path.parts
    )
    assert set(CODES) - tested == set()


@pytest.mark.parametrize("room", ROOMS)
def test_every_name_in_all_can_be_imported(room):
    package = importlib.import_module(room)
    for info in pkgutil.walk_packages(package.__path__, f"{room}."):
        if not info.ispkg or ".builtin" in info.name or ".migrations" in info.name:
            continue
        module = importlib.import_module(info.name)
        for name in getattr(module, "__all__", ()):
            assert hasattr(module, name), f"{info.name}.{name}"


def test_nothing_outside_the_step_executor_runs_text_as_code():
    for path in SOURCES:
        if str(path.relative_to(ROOT)) in EXECUTES_MODULE_CODE:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in {"exec", "eval", "__import__"}, f"{path}:{node.lineno}"


def test_nothing_unpickles():
    forbidden = re.compile(
        r"^\s*(import|from) (pickle|cloudpickle|dill|joblib|marshal|shelve)\b", re.M
    )
    assert [path for path in SOURCES if forbidden.search(path.read_text())] == []


def test_what_the_browser_loads_names_no_other_host():
    shipped = [
        path
        for folder in ("designer/canvas", "assets/theme", "assets/icons")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".js", ".css", ".svg", ".html"}
    ]
    assert shipped
    for path in shipped:
        text = re.sub(r"http://www\.w3\.org/[\w/]+", "", path.read_text())
        assert not re.search(r"https?://(?!127\.0\.0\.1|localhost)", text), path


def test_user_text_never_becomes_markup():
    sinks = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|v-html|document\.write")
    for path in (ROOT / "designer/canvas").rglob("*.js"):
        code = "\n".join(
            re.sub(r"//.*|^\s*\*.*", "", line) for line in path.read_text().splitlines()
        )
        assert not sinks.search(code), path


def test_palette_and_library_list_the_categories_in_one_order():
    text = (ROOT / "designer/canvas/web/panels/palette_model.js").read_text()
    palette = re.findall(r'"(\w+)"', re.search(r"const ORDER = \[(.*?)\];", text, re.S)[1])
    assert tuple(palette) == LIBRARY_ORDER


def test_the_changelog_names_the_version_of_the_project():
    version = re.search(r'^version = "([^"]+)"', (ROOT / "pyproject.toml").read_text(), re.M)[1]
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text()


def test_the_top_level_holds_only_the_agreed_folders():
    visible = {
        path.name
        for path in ROOT.iterdir()
        if path.is_dir()
        and not path.name.startswith(".")
        and not (path / "workspace.toml").exists()
    }
    assert visible <= {"designer", "modules_library", "runtime", "assets", "tests"}
