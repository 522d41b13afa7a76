import time

from runtime.model import WorkerEvent
from runtime.targets.emitter import Emitter


def metric(value):
    return WorkerEvent(kind="metric", data={"name": "loss", "value": value})


def progress(share):
    return WorkerEvent(kind="progress", data={"share": share})


def test_the_first_event_goes_out_at_once_and_a_burst_in_one_batch():
    written = []
    emitter = Emitter(written.append)
    for value in range(1000):
        emitter.emit(metric(value))
    assert len(written) == 1
    emitter.flush()
    assert len(written) == 2
    assert b"".join(written).count(b"\n") == 1000


def test_of_progress_only_the_newest_is_sent():
    written = []
    emitter = Emitter(written.append)
    for share in range(100):
        emitter.emit(progress(share))
    emitter.flush()
    assert b"".join(written).count(b"\n") == 2
    assert b'"share":99' in written[-1]


def test_what_waits_is_sent_without_another_event():
    written = []
    emitter = Emitter(written.append)
    emitter.emit(metric(1))
    emitter.emit(metric(2))
    time.sleep(0.25)
    assert len(written) == 2
