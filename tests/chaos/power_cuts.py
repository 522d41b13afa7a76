"""R-04 and R-05: power cuts, replayed from a trace of what the programs asked the kernel to write.

A program runs under strace. Of everything it wrote, what was not yet fsynced when the power fails may
be lost: of each file a random part of its last writes, the last of them torn, and of the folders' names
those since their last fsync. Seen is what goes through system calls; a disk that lies about its fsync
and writes through mapped memory (only SQLite's index of its log, which is made anew) are not.
"""

import contextlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec

from runtime.execution.embedded import resume_runs, run_plan
from runtime.stores import FolderArtifactStore, SqliteRunStore, Workspace
from tests.chaos.edits import check_edits
from tests.chaos.oracle import check
from tests.chaos.row import Row
from tests.designer.running import give_database
from tests.runtime.execution.plans import chain

_CALLS = "openat,write,pwrite64,sendfile,ftruncate,fsync,fdatasync,rename,link,unlink,unlinkat"
_LINE = re.compile(r"^(?P<at>\d+\.\d+) (?P<call>\w+)\((?P<rest>.*)\) += (?P<result>-?\d+)")
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_OPEN = re.compile(r"(\d+)<([^>]*)>")


class Trace:
    """What a program wrote below a folder, in order: pairs of a call and its arguments."""

    def __init__(self, prefix, folder):
        self.folder = str(folder)
        lines = []
        for path in prefix.parent.glob(f"{prefix.name}.*"):
            for line in path.read_text().splitlines():
                found = _LINE.match(line)
                if found and int(found["result"]) >= 0:
                    lines.append((float(found["at"]), path.name, found))
        lines.sort(key=lambda one: one[0])
        self.calls = [(one["call"], pid, one["rest"], int(one["result"])) for _, pid, one in lines]


def traced(command, prefix):
    """Run a command under strace; gives what it printed."""
    strace = ["strace", "-ff", "-ttt", "-y", "-xx", "-s", "20000000", "-e", f"trace={_CALLS}"]
    done = subprocess.run([*strace, "-o", prefix, *command], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


class Disk:
    """Files as they are on the disk and as programs see them.

    Attributes:
        names: Path to file, as programs see it.
        said: What was written to standard output so far.
    """

    def __init__(self, folder):
        self.root = str(folder)
        self.names, self._names_log = {}, []
        self._durable_names = {}
        self._offsets = {}
        self.said = ""
        for path in Path(folder).rglob("*"):
            if path.is_file():
                self.names[str(path)] = _File(path.read_bytes())
        self._durable_names = dict(self.names)

    def do(self, call, pid, rest, result):
        texts = [bytes.fromhex(one.replace("\\x", "")) for one in _STRING.findall(rest)]
        handles = [
            (int(number), _plain(path)) for number, path in _OPEN.findall(rest.split('"')[0])
        ]
        paths = [os.fsdecode(one) for one in texts]
        match call:
            case "openat":
                self._open(pid, paths[0], rest, result)
            case "write" if handles and handles[0][0] == 1 and not self._is_ours(handles[0][1]):
                self.said += texts[0].decode()
            case "write" | "pwrite64":
                self._write(pid, *handles[0], texts[0][:result], rest if call == "pwrite64" else "")
            case "sendfile":
                (target, path), (_, source) = [(int(n), _plain(p)) for n, p in _OPEN.findall(rest)][
                    :2
                ]
                self._write(pid, target, path, self.names[source].content[:result], "")
            case "ftruncate" if self._is_ours(handles[0][1]):
                self.names[handles[0][1]].write(("cut", int(rest.rsplit(",", 1)[1])))
            case "fsync" | "fdatasync":
                self._sync(handles[0][1])
            case "rename":
                for old in [one for one in self.names if f"{one}/".startswith(f"{paths[0]}/")]:
                    new, within = paths[1] + old[len(paths[0]) :], os.path.dirname(paths[1])
                    self._name(new, self.names[old], within)
                    self._name(old, None, within)
            case "link":
                self._name(paths[1], self.names.get(paths[0]))
            case "unlink" | "unlinkat":
                folder = handles[0][1] if handles else ""
                self._name(os.path.join(folder, paths[0]), None)

    def after_cut(self, dice):
        """Path to content after the power failed now."""
        names = dict(self._durable_names)
        for _, path, file in self._names_log[: dice.randint(0, len(self._names_log))]:
            _put(names, path, file)
        contents = {id(file): file for file in names.values()}
        contents = {key: file.after_cut(dice) for key, file in contents.items()}
        return {path: contents[id(file)] for path, file in names.items()}

    def source_of(self, rest):
        """The file that a rename is about; None for a folder or a file of others."""
        return self.names.get(
            os.fsdecode(bytes.fromhex(_STRING.search(rest)[1].replace("\\x", "")))
        )

    def unsure(self):
        """Paths whose name or bytes a power cut now may take."""
        names = [path for _, path, file in self._names_log if file is not None]
        return [*names, *(path for path, file in self.names.items() if not file.is_durable)]

    def _open(self, pid, path, rest, descriptor):
        if not self._is_ours(path):
            return
        if path not in self.names and "O_CREAT" in rest:
            self._name(path, _File(b""))
        file = self.names.get(path)
        if file is not None and "O_TRUNC" in rest:
            file.write(("cut", 0))
        self._offsets[pid, descriptor] = len(file.content) if file and "O_APPEND" in rest else 0

    def _write(self, pid, descriptor, path, data, rest):
        file = self.names.get(path)
        if file is None:
            return
        offset = int(rest.rsplit(",", 1)[1]) if rest else self._offsets.get((pid, descriptor), 0)
        file.write((offset, data))
        if not rest:
            self._offsets[pid, descriptor] = offset + len(data)

    def _sync(self, path):
        if path in self.names:
            self.names[path].sync()
            return
        kept = []
        for within, name, file in self._names_log:
            if within == path:
                _put(self._durable_names, name, file)
            else:
                kept.append((within, name, file))
        self._names_log = kept

    def _name(self, path, file, within=""):
        """Give or take a name; it is durable with the next fsync of the folder `within`."""
        if self._is_ours(path):
            _put(self.names, path, file)
            self._names_log.append((within or os.path.dirname(path), path, file))

    def _is_ours(self, path):
        return path.startswith(f"{self.root}/") and not path.endswith("-shm")


class _File:
    def __init__(self, content):
        self._durable, self.content, self._pending = content, content, []

    def write(self, change):
        self._pending.append(change)
        self.content = _changed(self.content, change)

    @property
    def is_durable(self):
        return not self._pending

    def sync(self):
        self._durable, self._pending = self.content, []

    def after_cut(self, dice):
        content, kept = self._durable, dice.randint(0, len(self._pending))
        for change in self._pending[:kept]:
            content = _changed(content, change)
        if kept < len(self._pending) and self._pending[kept][0] != "cut":
            offset, data = self._pending[kept]
            content = _changed(content, (offset, data[: dice.randint(0, len(data))]))
        return content


def _changed(content, change):
    offset, data = change
    if offset == "cut":
        return content[:data].ljust(data, b"\0")
    return content[:offset].ljust(offset, b"\0") + data + content[offset + len(data) :]


def _put(names, path, file):
    if file is None:
        names.pop(path, None)
    else:
        names[path] = file


def _plain(path):
    return os.fsdecode(bytes.fromhex(path.replace("\\x", ""))) if path.startswith("\\x") else path


# -- what is cut -----------------------------------------------------------------------------------


def cut_edits(trial):
    """Editing, saving, publishing and declaring, cut off anywhere."""
    folder = trial.workspace().path
    give_database(folder)
    before = _copied(folder, trial.folder / "before")
    command = [sys.executable, "-m", "tests.chaos.editing_program", folder, "12"]
    traced(command, trial.folder / "trace")
    trace, kept = Trace(trial.folder / "trace", folder), 0
    _check_the_replay(trace, before, folder)
    for disk, place in _cuts(trial, trace, before, folder):
        acknowledged = disk.said.splitlines()
        check_edits(place, acknowledged)
        kept += len(acknowledged)
    return f"{trial.count} cuts among {len(trace.calls)} calls: {kept} acknowledgements kept, no torn file"


def audit(trial):
    """At each acknowledgement everything it speaks of is durable: bytes, then name, then folder."""
    folder = trial.workspace().path
    give_database(folder)
    before = _copied(folder, trial.folder / "before")
    command = [sys.executable, "-m", "tests.chaos.editing_program", folder, "12"]
    traced(command, trial.folder / "trace")
    disk, renames, seen = _disk_of(before, folder), 0, 0
    for call in Trace(trial.folder / "trace", folder).calls:
        if call[0] == "rename" and (source := disk.source_of(call[2])) is not None:
            assert source.is_durable, f"renamed before its bytes were durable: {call[2]}"
            renames += 1
        disk.do(*call)
        acknowledged = disk.said.splitlines()
        for line in acknowledged[seen:]:
            kind = line.partition(" ")[0]
            wrong = [one for one in disk.unsure() if re.search(_PLACES[kind], one)]
            assert not wrong, f"'{line}' was said before these were durable: {wrong}"
        seen = len(acknowledged)
    return f"{renames} renames of durable bytes, {seen} acknowledgements after their folders' fsync"


def fail_fsync(trial):
    """One fsync answers EIO: what it was for is not acknowledged, and the next start is clean."""
    dice, said = trial.dice(), []
    for number in range(trial.count):
        folder = trial.workspace(f"{number}").path
        give_database(folder)
        failing = f"inject=fsync,fdatasync:error=EIO:when={dice.randint(1, 8)}"
        strace = ["strace", "-f", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", "-e", failing]
        program = [sys.executable, "-m", "tests.chaos.editing_program", folder, "12"]
        done = subprocess.run([*strace, *program], capture_output=True, text=True)
        assert done.returncode != 0, "a failed fsync was passed over"
        said.append(done.stdout.splitlines())
        check_edits(folder, said[-1])
    return f"{trial.count} times EIO: the program ended with an error, {sum(map(len, said))} acknowledgements before it kept"


_PLACES = {
    "edit": r"/designer\.db(-wal)?$",
    "file": r"/pipelines/\w+\.json$",
    "module": r"/library/(?!\.staging)|/module_index\.json$|/designer\.db(-wal)?$",
    "target": r"/targets\.toml$",
}


def cut_runs(trial):
    """A run, cut off anywhere: it goes on, and what was told as completed is whole."""
    workspace = trial.workspace()
    work = chain(6, isolated=True)
    work = msgspec.structs.replace(work, outputs={"end": "s5.value"})
    before = _copied(workspace.path, trial.folder / "before")
    plan_file = trial.folder / "plan.json"
    plan_file.write_bytes(msgspec.json.encode(work))
    traced([sys.executable, "-c", _RUN, plan_file, workspace.path], trial.folder / "trace")
    trace, again = Trace(trial.folder / "trace", workspace.path), 0
    for disk, place in _cuts(trial, trace, before, workspace.path):
        found = Workspace(place)
        resumed = resume_runs(found)
        assert all(run.status == "completed" for run in resumed), [run.error for run in resumed]
        for run_id in [*disk.said.split(), *(run.id for run in resumed)]:
            with contextlib.closing(SqliteRunStore(found.runs_db)) as store:
                run = store.run(run_id)
            assert run.status == "completed", "a run that was told as completed is not"
            (ref,) = run.steps["s5"].outputs.values()
            assert FolderArtifactStore(found.artifacts).verify(ref.digest), "its output is lost"
        last = run_plan(work, found)
        assert last.status == "completed", last.error
        check(found, last.id)
        again += len(resumed)
    return f"{trial.count} cuts among {len(trace.calls)} calls: {again} runs went on, every told output whole"


_RUN = """
import os, sys, msgspec
from pathlib import Path
from runtime.execution.embedded import run_plan
from runtime.model import Plan
from runtime.stores import Workspace
plan = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Plan)
os.write(1, run_plan(plan, Workspace(sys.argv[2])).id.encode() + b" ")
"""


def _cuts(trial, trace, before, folder):
    """So many cuts, each with the disk as it was and the folder as it is found again."""
    dice = trial.dice()
    moments = sorted(dice.randint(1, len(trace.calls)) for _ in range(trial.count))
    disk, done = _disk_of(before, folder), 0
    for moment in moments:
        for call in trace.calls[done:moment]:
            disk.do(*call)
        done = moment
        shutil.rmtree(folder)
        shutil.copytree(before, folder)
        for path in [one for one in folder.rglob("*") if one.is_file()]:
            path.unlink()
        for path, content in disk.after_cut(dice).items():
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).write_bytes(content)
        yield disk, folder


def _check_the_replay(trace, before, folder):
    """The replay without a cut gives just the files that the program has left."""
    disk = _disk_of(before, folder)
    for call in trace.calls:
        disk.do(*call)
    for path, file in disk.names.items():
        assert file.content == Path(path).read_bytes(), f"the replay of {path} is wrong"


def _disk_of(before, folder):
    shutil.rmtree(f"{folder}.now", ignore_errors=True)
    os.rename(folder, f"{folder}.now")
    shutil.copytree(before, folder)
    disk = Disk(folder)
    shutil.rmtree(folder)
    os.rename(f"{folder}.now", folder)
    return disk


def _copied(folder, place):
    return Path(shutil.copytree(folder, place))


ROWS = (
    Row(
        id="R-04",
        done="the power cut anywhere while somebody edits, saves, publishes and declares",
        part="`designer.db`, pipeline file, module library, `targets.toml`; trace of the real system calls",
        goal="0 acknowledged edits lost, 0 torn files",
        measure=cut_edits,
        quick=20,
        long=1000,
    ),
    Row(
        id="R-04",
        done="the power cut anywhere in a run",
        part="`runs.db`, artifacts, attempt folders; trace of the real system calls of all its processes",
        goal="0 told outputs lost, the run goes on",
        measure=cut_runs,
        quick=5,
        long=200,
    ),
    Row(
        id="R-05",
        done="the order of write, fsync, rename and fsync of the folder on every way that saves",
        part="the real system calls of the program that edits, saves, publishes and declares",
        goal="durable before it is acknowledged",
        measure=audit,
        quick=1,
        long=1,
        tests=("tests/designer/store/test_database.py::test_what_is_written_survives_a_power_cut",),
    ),
    Row(
        id="R-07",
        done="one fsync answers EIO while somebody edits, saves, publishes and declares",
        part="the real system calls, one of them made to fail (strace)",
        goal="an error, nothing acknowledged that is not durable, a clean restart",
        measure=fail_fsync,
        quick=1,
        long=40,
    ),
)
