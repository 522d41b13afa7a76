"""What steps do that do not want to end, or end without a word."""

import os
import signal
import subprocess
import sys
import time

from tests.runtime.execution.executors import give


def segfault(request, emit):
    import ctypes

    ctypes.string_at(0)


def exit_at_once(request, emit):
    os._exit(3)


def kill_itself(request, emit):
    os.kill(os.getpid(), signal.SIGKILL)


def stop_itself(request, emit):
    os.kill(os.getpid(), signal.SIGSTOP)
    return give(request, 1)


def loop(request, emit):
    while True:
        pass


def ignore_term(request, emit):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    time.sleep(3600)


def block(request, emit):
    read, _ = os.pipe()
    os.read(read, 1)


def with_grandchildren(request, emit):
    inner = "import subprocess, time; subprocess.Popen(['sleep', '3600']); time.sleep(3600)"
    subprocess.Popen([sys.executable, "-c", inner])
    time.sleep(3600)


def with_daemon(request, emit):
    """A process in a session of its own whose parent is gone: no group and no parent leads to it."""
    leave_daemon(request, emit)
    time.sleep(3600)


def leave_daemon(request, emit):
    if not os.fork():
        os.setsid()
        if os.fork():
            os._exit(0)
        os.chdir(request.folder)
        os.execlp("sleep", "sleep", "3600")
    os.wait()
    return give(request, 1)
