"""Bytes that changed after they were stored are read before they are used again; others are not."""

import os
import time

import pytest

from modules_library.sdk.codecs.folders import take_folder
from runtime.model import ArtifactRef
from runtime.model.digest import digest_bytes
from runtime.stores import FolderArtifactStore

READS = "runtime.stores.artifact_store.digest_file"


@pytest.fixture
def store(tmp_path):
    return FolderArtifactStore(tmp_path / "artifacts")


@pytest.fixture
def put(store, tmp_path):
    def put(data):
        source = tmp_path / "source"
        source.write_bytes(data)
        ref = ArtifactRef(type="Value", digest=digest_bytes(data), bytes=len(data), format="json")
        store.adopt(source, ref, durable=False)
        return ref

    return put


@pytest.fixture
def folder(store, tmp_path):
    """A folder of two files in the store."""
    made = tmp_path / "made"
    made.mkdir()
    (made / "a").write_bytes(b"one")
    (made / "b").write_bytes(b"two")
    digest, size, _ = take_folder(made, made, own=tmp_path)
    ref = ArtifactRef(type="Folder", digest=digest, bytes=size, format="folder")
    store.adopt(made, ref, durable=False)
    return ref


def overwrite(path, data):
    path.chmod(0o600)
    path.write_bytes(data)


def test_what_has_not_changed_is_not_read(store, put, folder, monkeypatch):
    refs = [put(b"hello"), folder]
    monkeypatch.setattr(READS, lambda path: pytest.fail(f"{path} was read"))
    assert store.has_all(refs, since=time.time())


@pytest.mark.parametrize("name", ["a", "b", ".manifest.json"])
def test_a_change_in_one_file_of_a_folder_is_found(store, folder, name):
    since = time.time()
    time.sleep(0.02)
    path = store.path(folder.digest) / name
    overwrite(path, bytes(len(path.read_bytes())))
    assert not store.has_all([folder], since=since)
    assert store.set_damaged_aside([folder])
    assert not store.has(folder.digest)


def test_a_file_that_is_not_in_the_folder_any_more_is_found(store, folder):
    since = time.time()
    time.sleep(0.02)
    os.unlink(store.path(folder.digest) / "b")
    assert not store.has_all([folder], since=since)


def test_what_was_read_and_whole_is_not_read_by_the_next_program(store, put, monkeypatch, tmp_path):
    ref = put(b"hello")
    assert store.has_all([ref], since=0)
    after = FolderArtifactStore(tmp_path / "artifacts")
    monkeypatch.setattr(READS, lambda path: pytest.fail(f"{path} was read"))
    assert after.has_all([ref], since=0)


def test_a_store_that_only_looks_writes_nothing(store, put, tmp_path):
    ref = put(b"hello")
    assert FolderArtifactStore(tmp_path / "artifacts", creates=False).has_all([ref], since=0)
    assert os.listdir(tmp_path / "artifacts") == ["cas"]


def test_whole_bytes_in_the_place_of_damaged_ones_are_used(store, put):
    ref = put(b"hello")
    overwrite(store.path(ref.digest), b"jello")
    assert not store.has_all([ref], since=0)
    assert put(b"hello") == ref
    assert store.has_all([ref], since=0) and not store.set_damaged_aside([ref])


def test_what_arrived_in_the_store_by_itself_has_no_source_and_stays(store, put, tmp_path):
    ref = put(b"hello")
    store.adopt(tmp_path / "absent", ref, durable=False)
    assert store.verify(ref.digest)
