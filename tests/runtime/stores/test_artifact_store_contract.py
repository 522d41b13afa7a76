"""What every artifact store promises."""

import os

import pytest

from runtime.model import ArtifactRef
from runtime.model.digest import digest_bytes
from runtime.stores import FolderArtifactStore
from tests.runtime.stores.fakes import FakeArtifactStore


class ShorteningFolderStore(FolderArtifactStore):
    def shorten(self, digest):
        os.truncate(self.path(digest), self.path(digest).stat().st_size - 1)


@pytest.fixture(params=[FakeArtifactStore, ShorteningFolderStore])
def store(request, tmp_path):
    folder = tmp_path / "store"
    folder.mkdir()
    return request.param(folder)


@pytest.fixture
def put(store, tmp_path):
    def put(data, *, durable=False):
        source = tmp_path / "source"
        source.write_bytes(data)
        ref = ArtifactRef(type="Value", digest=digest_bytes(data), bytes=len(data), format="json")
        store.adopt(source, ref, durable=durable)
        assert not source.exists()
        return ref

    return put


@pytest.mark.parametrize("durable", [False, True])
def test_adopted_bytes_are_found_under_their_digest(store, put, durable):
    ref = put(b"hello", durable=durable)
    assert store.has(ref.digest, ref.bytes)
    assert store.path(ref.digest).read_bytes() == b"hello"
    assert list(store.digests()) == [ref.digest]


def test_what_was_never_adopted_is_missing(store):
    assert not store.has(digest_bytes(b"nothing"))
    assert not store.verify(digest_bytes(b"nothing"))


def test_the_same_bytes_twice_are_one_artifact(store, put):
    assert put(b"hello") == put(b"hello")
    assert len(list(store.digests())) == 1


def test_a_short_artifact_counts_as_missing_and_is_replaced_by_a_whole_one(store, put):
    ref = put(b"hello")
    store.shorten(ref.digest)
    assert not store.has(ref.digest, ref.bytes)
    assert not store.verify(ref.digest)
    put(b"hello")
    assert store.has(ref.digest, ref.bytes) and store.verify(ref.digest)


def test_removing_gives_the_bytes_freed(store, put):
    ref = put(b"hello")
    assert store.remove(ref.digest) == 5
    assert not store.has(ref.digest)
    assert store.remove(ref.digest) == 0
