"""A real Ray cluster for tests: a head and further nodes on this machine, each with a home of its own."""

import contextlib
import os
import signal

from runtime.model import Target, TargetResources


@contextlib.contextmanager
def own_signals():
    """Keep what SIGTERM does here: Ray would drain its nodes first."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    with contextlib.suppress(ValueError):  # not in the main thread, where Ray changes nothing
        signal.signal(signal.SIGTERM, before)


class RayCluster:
    """Started by Ray's own means, ended with the tests."""

    def __init__(self, folder):
        os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
        os.environ["RAY_health_check_period_ms"] = "500"  # noqa: SIM112 - Ray spells it so; a lost machine is noticed in seconds
        from ray.cluster_utils import Cluster

        self.folder = folder
        self._homes = 0
        with own_signals():
            self._cluster = Cluster(
                initialize_head=True,
                head_node_args={
                    "num_cpus": 1,
                    "include_dashboard": False,
                    "env_vars": self._home(),
                },
            )

    @property
    def address(self):
        return self._cluster.address

    def add_node(self, **resources):
        """One more machine, which sees no folder of another."""
        with own_signals():
            return self._cluster.add_node(env_vars=self._home(), **resources)

    def kill(self, node):
        """The machine loses its power."""
        self._cluster.remove_node(node, allow_graceful=False)

    def settle(self):
        """Wait until the head knows which machines are left."""
        self._cluster.wait_for_nodes()

    def target(self, name="cluster", *, cpus=2, **settings):
        return Target(
            name=name,
            kind="ray",
            settings={"address": self.address, **settings},
            resources=TargetResources(cpus=cpus, gpus=4),
        )

    def close(self):
        self._cluster.shutdown()

    def _home(self):
        self._homes += 1
        home = f"{self.folder}/home{self._homes}"
        os.makedirs(home)
        return {"HOME": home}
