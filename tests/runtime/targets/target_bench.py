"""A poller, a compute target and everything it reported: the bench of the contract suite."""

import time

from runtime.model import Entry, InputArtifact, OutputPort, StepRequest
from runtime.model.artifact import ArtifactRef
from runtime.model.digest import digest_file, digest_value
from runtime.stores import FolderArtifactStore
from runtime.targets.attempt import Death, Notice
from runtime.targets.local import LocalTarget
from runtime.targets.poller import Poller
from runtime.targets.process import start_time
from runtime.targets.remote.target import RemoteTarget
from tests.runtime.targets.engine_site import SITE as ENGINE_SITE

EXECUTORS = "tests.runtime.execution.executors"


class Bench:
    """One target at work.

    Args:
        folder: Where attempts, artifacts and the host's home lie.
        make: Gives the target from a poller, a report and the artifacts.
        is_alive: Whether a process that a step has written down is alive.

    Attributes:
        gpus_given: What a step finds that was given the GPUs 1 and 3; None where there are none.
    """

    def __init__(self, folder, make, is_alive=start_time):
        self.folder = folder
        self.make = make
        self.is_alive = is_alive
        self.gpus_given = "1,3"
        self.poller = Poller()
        self.artifacts = FolderArtifactStore(folder / "artifacts")
        self.reported = []
        self.target = make(self.poller, self._take, self.artifacts)

    def at(self, folder):
        """The same target at work for another test."""
        self.folder = folder
        self.reported.clear()
        return self

    def again(self):
        """A second engine's bench on the same folders."""
        return Bench(self.folder, self.make, self.is_alive)

    def _take(self, attempt, outcome):
        self.reported.append((attempt, outcome))

    def request(
        self,
        call,
        *,
        isolated=True,
        attempt=1,
        inputs=(),
        files=None,
        environment=None,
        **parameters,
    ):
        folder = self.folder / "runs" / call / str(attempt)
        return StepRequest(
            run_id=self.folder.name,
            step_id=call,
            attempt=attempt,
            fence=attempt,
            entry=Entry(executor=f"{EXECUTORS}:{call}", source="executors.py", isolated=isolated),
            module=f"test.{call}",
            version="1",
            digest="b3:0",
            parameters=parameters,
            inputs={"dataset": tuple(map(self.input_of, inputs))} if inputs else {},
            outputs=(OutputPort(name="value", type="Value"),),
            folder=str(folder),
            files=files or {},
            log=str(folder / "out.log"),
            environment=environment,
        )

    def store(self, data, name="made"):
        """An artifact of these bytes."""
        path = self.folder / name
        path.write_bytes(data)
        digest = digest_file(path)
        ref = ArtifactRef(type="Value", digest=digest, bytes=len(data), format="json")
        self.artifacts.adopt(path, ref, durable=False)
        return ref

    def input_of(self, ref):
        return InputArtifact(ref=ref, path=str(self.artifacts.path(ref.digest)))

    def start(self, request):
        attempt = self.target.prepare(("r", 0), request)
        self.target.go(attempt)
        return attempt

    def run(self, request):
        return self.wait_for(self.start(request))

    def endings(self, attempt):
        return [o for one, o in self.reported if one is attempt and is_ending(o)]

    def notices(self, attempt):
        return [o.detail for one, o in self.reported if one is attempt and isinstance(o, Notice)]

    def wait_for(self, attempt, seconds=60):
        self.wait_until(lambda: self.endings(attempt), seconds)
        return self.endings(attempt)[0]

    def wait_until(self, is_true, seconds=60):
        until = time.monotonic() + seconds
        while not is_true():
            assert time.monotonic() < until, f"it did not become true; heard: {self.reported}"
            self.poller.turn(0.02)

    def turn_for(self, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.poller.turn(0.02)

    def value(self, outcome):
        """What the output `value` holds."""
        return self.bytes_of(outcome.outputs["value"])

    def bytes_of(self, output):
        """What an output holds, wherever the target left it."""
        try:
            with open(output.path, "rb") as file:
                return file.read()
        except FileNotFoundError:
            return self.artifacts.path(output.ref.digest).read_bytes()

    def close(self):
        self.target.close()


def is_ending(outcome):
    if isinstance(outcome, Notice):
        return False
    return isinstance(outcome, Death) or outcome.kind in ("done", "failed")


def local_bench(folder):
    return Bench(
        folder,
        lambda poller, report, _: LocalTarget(
            poller,
            report,
            threads=1,
            desks=str(folder / "desks"),
            environments=str(folder / "environments"),
        ),
    )


def docker_bench(folder, engine, **settings):
    """Steps in containers, which see the bench's folder under its own path."""
    packages = folder / "artifacts/packages"
    packages.parent.mkdir(exist_ok=True)
    packages.symlink_to(engine.shared)
    return remote_bench(
        folder,
        engine.target(**settings),
        ENGINE_SITE,
        workspace=digest_value(str(folder))[3:23],
        is_alive=lambda _: engine.containers(),
    )


def remote_bench(folder, target, site=None, *, workspace="w", is_alive=start_time):
    more = {"site": site} if site else {}
    return Bench(
        folder,
        lambda poller, report, artifacts: RemoteTarget(
            poller,
            report,
            target,
            artifacts=str(artifacts.folder.parent),
            workspace=workspace,
            **more,
        ),
        is_alive,
    )
