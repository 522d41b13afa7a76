"""The runner's socket: what one client asks for is no danger to the others."""

import threading

import pytest

from runtime.errors import InternalError
from runtime.execution.client import SyncRunnerClient
from runtime.execution.hub import Hub
from runtime.execution.protocol import Reply
from runtime.targets.poller import Poller


def faulty(request, connection):
    """An engine that has a fault wherever it is asked for a run."""
    if request.verb == "run":
        raise ZeroDivisionError("a fault of ours")
    return Reply(pid=7)


@pytest.fixture
def socket(tmp_path):
    """A hub in its loop; the fixture fails when the loop has ended with an exception."""
    path, poller, ended, faults = tmp_path / "s", Poller(), threading.Event(), []
    hub = Hub(path, poller=poller, answer=faulty)

    def loop():
        try:
            while not ended.is_set():
                poller.turn(0.02)
        except BaseException as exc:  # noqa: BLE001 - told by the fixture
            faults.append(exc)

    thread = threading.Thread(target=loop)
    thread.start()
    yield str(path)
    ended.set()
    thread.join(timeout=10)
    hub.close()
    assert faults == []


def test_a_fault_while_answering_one_client_is_told_to_it_and_the_runner_goes_on(socket, caplog):
    with SyncRunnerClient(socket) as unlucky, SyncRunnerClient(socket) as other:
        with pytest.raises(InternalError) as raised:
            unlucky.run("r")
        assert raised.value.code == "R008" and "ZeroDivisionError" in raised.value.record.message
        assert raised.value.record.remedy
        assert unlucky.ping() == other.ping() == 7
    assert "a fault of ours" in caplog.text
