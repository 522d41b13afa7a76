import shutil
import subprocess

import pytest

from runtime.execution import source_state
from runtime.execution.source_state import SourceWatch

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture
def repository(tmp_path):
    """A repository with a file committed in a folder of it; gives the folder and git."""
    folder = tmp_path / "repository" / "pipelines"
    folder.mkdir(parents=True)

    def git(*words):
        who = ("-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "init.defaultBranch=main")
        done = subprocess.run(
            ["git", "-C", str(folder), *who, *words], capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    git("init", "-q", str(folder.parent))
    (folder / "p.json").write_text("{}")
    git("add", ".")
    git("commit", "-qm", "one")
    return folder, git


def state_of(folder):
    (state,) = SourceWatch([folder]).states(10.0)
    return state


def test_the_commit_the_branch_and_changes_since_are_told(repository):
    folder, git = repository
    state = state_of(folder)
    assert (state.commit, state.branch, state.is_dirty) == (git("rev-parse", "HEAD"), "main", False)
    (folder / "new.py").write_text("1")
    assert state_of(folder).is_dirty
    git("pack-refs", "--all")
    git("checkout", "-q", "--detach")
    assert (state_of(folder).commit, state_of(folder).branch) == (git("rev-parse", "HEAD"), "")


def test_a_branch_whose_name_is_packed_away_and_a_work_tree_are_read(repository, tmp_path):
    folder, git = repository
    git("pack-refs", "--all")
    assert state_of(folder).commit == git("rev-parse", "HEAD")
    git("worktree", "add", "-q", str(tmp_path / "tree"), "-b", "side")
    state = state_of(tmp_path / "tree")
    assert (state.commit, state.branch) == (git("rev-parse", "HEAD"), "side")


def test_nothing_is_said_without_a_repository_or_without_git(repository, tmp_path, monkeypatch):
    assert SourceWatch([tmp_path]).states() == ()
    monkeypatch.setattr(source_state.shutil, "which", lambda _: None)
    assert SourceWatch([repository[0]]).states() == ()


def test_git_that_takes_too_long_leaves_open_whether_there_are_changes(repository, monkeypatch):
    monkeypatch.setattr(source_state, "_ask", lambda *_: subprocess.Popen(["sleep", "60"]))
    (state,) = SourceWatch([repository[0]]).states(0.01)
    assert state.commit
    assert state.is_dirty is None
