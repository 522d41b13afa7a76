"""What every test shares: missing parts skip with a sentence, and CI proves that none did."""

import os
import shutil
from importlib.util import find_spec

import pytest
from hypothesis import settings

from tests import docker_engine as docker
from tests.ray_cluster import RayCluster
from tests.ssh_host import SSHD, SshHost

settings.register_profile("house", deadline=None)
settings.load_profile("house")

PARTS = {
    "browser": (
        lambda: shutil.which("chromium") is not None,
        "needs Debian's Chromium: apt install chromium",
    ),
    "ssh": (
        lambda: os.path.exists(SSHD) and find_spec("asyncssh") is not None,
        "needs an sshd and asyncssh: apt install openssh-server, pip install 'designer[ssh]'",
    ),
    "docker": (docker.can_start, "needs a dockerd that this user may start: apt install docker.io"),
    "ray": (
        lambda: find_spec("ray") is not None,
        "needs Ray: pip install 'designer[ray]'",
    ),
}
CHROMIUM = "/usr/bin/chromium"
MOST_PATIENCE_MS = 15_000
# A window of this Chromium draws its address bar with pages of its own, at a second of processor
# time for each tab. One list replaces the other, so Playwright's is repeated where it matters here.
UNUSED = [
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup"),
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades"),
    *("HttpsFirstBalancedModeAutoEnable", "MediaRouter", "PaintHolding", "OptimizationHints"),
    *("ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect", "PreconnectToSearch"),
    *("NetworkTimeServiceQuerying", "AimEnabled", "LensOverlay"),
]
CHROMIUM_FLAGS = [
    f"--disable-features={','.join(UNUSED)}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_skipped: list[str] = []


@pytest.fixture(scope="session")
def browser():
    """The one browser of a worker: Playwright's loop allows no second one beside it."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=MOST_PATIENCE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def ssh_host(tmp_path):
    """A host that is reached over SSH: this machine, with a home folder of the test's own."""
    host = SshHost(tmp_path / "host").start()
    yield host
    host.stop()


@pytest.fixture(scope="session")
def docker_engine():
    """A Docker engine of the tests' own, with an image that can run steps."""
    engine = docker.DockerEngine().start().make_image()
    yield engine
    engine.stop()


@pytest.fixture(scope="session")
def ray_cluster(tmp_path_factory):
    """A Ray cluster of a head and one more node; starting it takes seconds, so tests share it."""
    cluster = RayCluster(tmp_path_factory.mktemp("cluster"))
    cluster.add_node(num_cpus=2, num_gpus=2)
    yield cluster
    cluster.close()


@pytest.fixture(scope="session")
def ray_bench(ray_cluster, tmp_path_factory):
    """A target on that cluster, for one test after the other."""
    from tests.runtime.targets.target_bench import remote_bench

    bench = remote_bench(tmp_path_factory.mktemp("bench"), ray_cluster.target())
    bench.gpus_given = "0,1"  # Ray chooses, whichever the engine counted
    yield bench
    bench.close()


def pytest_collection_modifyitems(items):
    for item in items:
        if item.get_closest_marker("docker"):
            item.add_marker(pytest.mark.xdist_group("docker"))  # one engine serves them all
        for marker, (is_present, sentence) in PARTS.items():
            if item.get_closest_marker(marker) and not is_present():
                item.add_marker(pytest.mark.skip(reason=sentence))


def pytest_make_parametrize_id(val):
    """Functions are named, not printed with their address: all workers must agree on the ids."""
    return val.__name__ if callable(val) and hasattr(val, "__name__") else None


def pytest_runtest_logreport(report):
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        _skipped.append(f"{report.nodeid}: {reason}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    if os.environ.get("CI") and _skipped and not hasattr(session.config, "workerinput"):
        print("\nCI can run every test, but these were skipped:\n  " + "\n  ".join(_skipped))
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
