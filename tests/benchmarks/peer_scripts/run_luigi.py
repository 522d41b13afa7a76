"""Luigi, local scheduler, one worker, a file target per step."""

import logging
import tempfile
import time
from pathlib import Path

import luigi
from graphs import GRAPHS

logging.disable(logging.CRITICAL)
current = {}


class Step(luigi.Task):
    name = luigi.Parameter()
    folder = luigi.Parameter()

    def requires(self):
        return [Step(need, self.folder) for need in current[self.name]]

    def output(self):
        return luigi.LocalTarget(str(Path(self.folder) / self.name))

    def run(self):
        self.output().makedirs()
        Path(self.output().path).write_text("1")


for name, graph in GRAPHS.items():
    current = graph
    folder = tempfile.mkdtemp()
    last = list(graph)[-50:]
    start = time.perf_counter()
    luigi.build([Step(node, folder) for node in last], local_scheduler=True, log_level="CRITICAL")
    print(f"{name}\t{(time.perf_counter() - start) / len(graph) * 1e6:.1f}", flush=True)
