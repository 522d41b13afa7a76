"""A zygote: a fresh interpreter that imports a family of libraries and then only forks.

Forking after a query or a fit hangs in the child, so nothing ever runs here. The first message names
what to import (`l` and names); then there is one per worker: `w` with the worker's socket for one
that serves many steps, `s` and a socket for one that answers questions before a run, `o` and an
attempt folder for one that runs a single step, `d` and a folder for a single step that dies with the
engine. Answers: `p <pid>` for each, `x <pid> <status> <most memory in bytes>` when one has ended. When
the engine goes, the workers that serve it are killed; other single steps live on.
"""

import gc
import importlib
import os
import select
import signal
import socket
from types import ModuleType

from runtime.lean_start import import_msgspec
from runtime.targets.process import adopt_orphans, children

_CONTROL = 3
_MESSAGE = 4096
_KILLED_FIRST = b"500"


def main() -> None:
    """Import the family that the first message names, then fork on demand until the engine goes."""
    os.umask(0o077)
    _die_with_parent()
    adopt_orphans()
    control = socket.socket(fileno=_CONTROL)
    import_msgspec()
    import runtime.targets.worker_loop as worker_loop

    message = control.recv(_MESSAGE)
    for name in message[2:].decode().split():
        try:
            importlib.import_module(name)
        except Exception:  # noqa: BLE001 - the step that needs it says so, with its own frames
            continue
    zygote = _Zygote(control, worker_loop)
    try:
        zygote.run()
    except ConnectionError:
        zygote.end()


class _Zygote:
    def __init__(self, control: socket.socket, loop: ModuleType) -> None:
        self._control = control
        self._loop = loop
        self._serving: set[int] = set()
        self._forked: set[int] = set()
        self._wake_read, self._wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def run(self) -> None:
        signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        poller = select.poll()
        poller.register(self._control, select.POLLIN)
        poller.register(self._wake_read, select.POLLIN)
        gc.collect()
        gc.freeze()
        while True:
            for descriptor, _ in poller.poll():
                if descriptor == self._wake_read:
                    os.read(self._wake_read, 512)
                    self._reap()
                elif not self._serve():
                    self.end()

    def _serve(self) -> bool:
        message, descriptors, _, _ = socket.recv_fds(self._control, _MESSAGE, 1)
        if not message:
            return False
        pid = os.fork()
        if not pid:
            self._become_worker(message, descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        self._forked.add(pid)
        if message[:1] in (b"w", b"s", b"d"):
            self._serving.add(pid)
        self._control.send(b"p %d" % pid)
        return True

    def _become_worker(self, message: bytes, descriptors: list[int]) -> None:
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setsid()
            _be_killed_first()
            self._control.close()
            os.close(self._wake_read)
            os.close(self._wake_write)
            if message[:1] == b"w":
                _die_with_parent()
                self._loop.serve(socket.socket(fileno=descriptors[0]))
            elif message[:1] == b"s":
                _die_with_parent()
                importlib.import_module("runtime.targets.schema_loop").answer_questions(
                    socket.socket(fileno=descriptors[0])
                )
            else:
                if message[:1] == b"d":
                    _die_with_parent()
                self._loop.run_once(os.fsdecode(message[2:]))
        finally:
            os._exit(0)

    def _reap(self) -> None:
        while True:
            try:
                pid, status, taken = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            self._end_orphans()
            if not pid:
                return
            if pid not in self._forked:
                continue
            self._forked.discard(pid)
            self._serving.discard(pid)
            self._control.send(b"x %d %d %d" % (pid, status, taken.ru_maxrss << 10))

    def _end_orphans(self) -> None:
        """Kill what workers that are gone had started and left; it has become ours."""
        for pid in set(children(os.getpid())) - self._forked:
            os.kill(pid, signal.SIGKILL)

    def end(self) -> None:
        for pid in self._serving:
            for kill in (os.killpg, os.kill):
                try:
                    kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue
        for pid in self._serving:
            os.waitpid(pid, 0)
        os._exit(0)


def _be_killed_first() -> None:
    """When the machine runs out of memory, let the kernel take a step and not the engine."""
    try:
        descriptor = os.open("/proc/self/oom_score_adj", os.O_WRONLY)
    except OSError:
        return
    try:
        os.write(descriptor, _KILLED_FIRST)
    except OSError:
        pass
    finally:
        os.close(descriptor)


def _die_with_parent() -> None:
    try:
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    except (ImportError, OSError, AttributeError):
        return


if __name__ == "__main__":
    main()
