"""`designer --native`: a window of its own, or a sentence that says what to install."""

import os
import subprocess
import sys

import pytest

from tests.designer_process import end_runner

FAKE_WEBVIEW = '''
"""A window that is closed as soon as it has been opened."""
import os, time


def create_window(title, address, width, height):
    with open(os.environ["SEEN_BY_THE_WINDOW"], "w") as file:
        file.write(f"{title} {width}x{height} {address}")


def start():
    time.sleep(0.5)
'''


def start_native(workspace, **environment):
    return subprocess.run(
        [sys.executable, "-m", "designer.cli", "--native", "--port", "0", "--workspace", workspace],
        env={key: value for key, value in os.environ.items() if "DISPLAY" not in key} | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_without_a_screen_it_says_to_use_a_browser(tmp_path):
    done = start_native(tmp_path / "w")
    assert done.returncode == 3
    assert "A009" in done.stderr and "open the address in a browser" in done.stderr
    assert not (tmp_path / "w").exists(), "nothing was started"


@pytest.mark.skipif(
    "webview" in sys.modules or __import__("importlib.util").util.find_spec("webview") is not None,
    reason="pywebview is installed here",
)
def test_without_the_package_it_says_how_to_install_it(tmp_path):
    done = start_native(tmp_path / "w", DISPLAY=":99")
    assert done.returncode == 3
    assert "A009" in done.stderr and "pip install 'designer[native]'" in done.stderr


def test_without_a_web_view_of_the_system_it_names_what_to_install(tmp_path):
    (tmp_path / "webview.py").write_text(FAKE_WEBVIEW)
    done = start_native(
        tmp_path / "w", DISPLAY=":99", PYTHONPATH=f"{tmp_path}:{os.environ.get('PYTHONPATH', '')}"
    )
    assert done.returncode == 3
    assert "apt install python3-gi" in done.stderr and "pywebview[qt]" in done.stderr


@pytest.mark.slow
def test_the_designer_ends_when_its_window_is_closed(tmp_path):
    (tmp_path / "webview.py").write_text(FAKE_WEBVIEW)
    (tmp_path / "gi.py").write_text("")
    seen = tmp_path / "seen"
    done = start_native(
        tmp_path / "w",
        DISPLAY=":99",
        PYTHONPATH=f"{tmp_path}:{os.environ.get('PYTHONPATH', '')}",
        SEEN_BY_THE_WINDOW=str(seen),
    )
    end_runner(tmp_path / "w")
    assert done.returncode in {0, 1}, done.stderr
    assert seen.read_text().startswith("Designer 1440x900 http://127.0.0.1:")
    assert "/login?token=" in seen.read_text()
