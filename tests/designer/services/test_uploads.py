"""Files that people bring: a quota while they arrive, plain names, nothing half-stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.services import uploads
from designer.services.uploads import Uploads, plain_name
from runtime.errors import InfrastructureError, RequestError


async def chunks(*parts):
    for part in parts:
        yield part


def stored(folder):
    return sorted(path.name for path in (folder / "data").iterdir())


async def test_a_file_over_the_quota_is_refused_while_it_arrives_and_leaves_nothing(tmp_path):
    taker = Uploads(tmp_path, most_bytes=10)
    with pytest.raises(RequestError, match="A003"):
        await taker.take("big.csv", chunks(b"x" * 8, b"x" * 8))
    assert stored(tmp_path) == []


async def test_a_full_disk_refuses_the_file_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(uploads, "KEPT_FREE_BYTES", 1 << 62)
    with pytest.raises(InfrastructureError, match="S001"):
        await Uploads(tmp_path).take("a.csv", chunks(b"x"))
    assert stored(tmp_path) == []


async def test_a_body_that_breaks_off_leaves_nothing(tmp_path):
    async def broken():
        yield b"half"
        raise RequestError("A004", "The body ended early.", remedy="Send it again.")

    with pytest.raises(RequestError, match="A004"):
        await Uploads(tmp_path).take("a.csv", broken())
    assert stored(tmp_path) == []


async def test_a_name_that_is_taken_gets_a_number_and_the_first_file_stays(tmp_path):
    taker = Uploads(tmp_path)
    paths = [await taker.take("a.tar.gz", chunks(bytes([n]))) for n in range(3)]
    assert paths == ["data/a.tar.gz", "data/a_2.tar.gz", "data/a_3.tar.gz"]
    assert [(tmp_path / path).read_bytes() for path in paths] == [b"\x00", b"\x01", b"\x02"]


async def test_a_link_in_the_folder_is_never_followed(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("untouched")
    (tmp_path / "data").mkdir()
    (tmp_path / "data/a.csv").symlink_to(secret)
    assert await Uploads(tmp_path).take("a.csv", chunks(b"x")) == "data/a_2.csv"
    assert secret.read_text() == "untouched"


@given(st.text(max_size=300))
def test_no_name_leads_out_of_the_folder(name):
    plain = plain_name(name)
    assert plain and "/" not in plain and "\\" not in plain
    assert not plain.startswith(".") and len(plain) <= 120 and plain.isascii()
