"""The read workers: replaced when they die, given up with their callers, bounded in memory."""

import asyncio
import os
import signal

import msgspec
import polars as pl
import pytest

from designer.services import read_process
from designer.services.read_worker.query import PLAIN, Query, Sort
from designer.services.reader import Reader
from designer.services.shared_work import NewestOnly, SharedWork
from runtime.errors import DesignerError, InfrastructureError, RequestError

slow = pytest.mark.slow


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "table"
    pl.DataFrame({"a": [3, 1, 2]}).write_ipc(path, compression="uncompressed")
    return path


@pytest.fixture
def long_table(tmp_path):
    """A table whose search takes a while."""
    path = tmp_path / "long"
    frame = pl.DataFrame({f"n{i}": pl.int_range(2_000_000, eager=True) * 1.001 for i in range(6)})
    frame.write_ipc(path, compression="uncompressed", record_batch_size=100_000)
    return path


@pytest.fixture
async def reader(tmp_path):
    reader = Reader(tmp_path / "rows")
    yield reader
    await reader.stop()


def search(reader, path, text, tell=None):
    asked = {"query": PLAIN, "text": text, "start": 0, "backwards": False}
    return reader.work("search", path, tell=tell, **asked)


@slow
async def test_a_worker_answers_errors_survives_garbage_and_rests(tmp_path, table):
    reader = Reader(tmp_path / "rows", idle_s=0.3)
    try:
        page = await reader.ask("page", table, query=PLAIN, limit=1)
        assert len(msgspec.json.decode(page)["rows"]) == 1
        first = reader._quick.pid
        broken = tmp_path / "broken"
        broken.write_bytes(b"ARROW1" + os.urandom(64))
        with pytest.raises(DesignerError, match="S003"):
            await reader.ask("page", broken, query=PLAIN)
        with pytest.raises(InfrastructureError, match="S003"):
            await reader.ask("page", tmp_path / "gone", query=PLAIN)
        assert reader._quick.pid == first
        await asyncio.sleep(0.6)
        assert reader._quick is None
        await reader.ask("columns", table)
        os.kill(reader._quick.pid, signal.SIGKILL)
        await asyncio.sleep(0.2)
        assert msgspec.json.decode(await reader.ask("columns", table))["rows"] == 3
    finally:
        await reader.stop()


@slow
async def test_a_page_of_a_large_table_is_arranged_first_and_quick_from_then_on(reader, long_table):
    query = Query(sort=(Sort(column="n0", descending=True),))
    assert await reader.ask("page", long_table, query=query) == b"null"
    page = await reader.prepared("page", long_table, query=query, tell=None, limit=2)
    assert msgspec.json.decode(page)["numbers"] == [1_999_999, 1_999_998]
    assert await reader.ask("page", long_table, query=query, limit=1) != b"null"


@slow
async def test_progress_is_told_while_work_goes_on(reader, long_table):
    told = []
    await search(reader, long_table, "123456", told.append)
    shares = [progress.share for progress in told if progress.share is not None]
    assert shares == sorted(shares) and shares and told[0].text == "Searching"


@slow
async def test_work_that_nobody_waits_for_any_more_ends_and_its_process_is_used_again(
    reader, long_table, monkeypatch
):
    monkeypatch.setattr(read_process, "GRACE_S", 60)
    await search(reader, long_table, "warm")
    (process,) = reader._resting
    for text in ("111", "222", "333"):
        task = asyncio.create_task(search(reader, long_table, text))
        await until(lambda: process.is_busy)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await until(lambda: reader._resting)
    assert reader._resting == [process] and process.is_alive
    found = msgspec.json.decode(await search(reader, long_table, "0.0"))
    assert found["hits"] > 0


@slow
async def test_work_that_does_not_notice_is_ended_with_its_process(reader, long_table):
    await search(reader, long_table, "warm")
    (process,) = reader._resting
    os.kill(process.pid, signal.SIGSTOP)
    task = asyncio.create_task(search(reader, long_table, "123"))
    await until(lambda: process.is_busy)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: not process.is_alive)
    assert msgspec.json.decode(await search(reader, long_table, "zzz")) == {"hits": 0}


@slow
async def test_a_quick_question_that_is_given_up_costs_no_other_its_answer(reader, table):
    await reader.ask("columns", table)
    process = reader._quick
    os.kill(process.pid, signal.SIGSTOP)
    given_up, other = (asyncio.create_task(reader.ask("columns", table)) for _ in range(2))
    await until(lambda: len(process._waiting) == 2)
    given_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await given_up
    os.kill(process.pid, signal.SIGCONT)
    assert msgspec.json.decode(await other)["rows"] == 3
    assert reader._quick is process and process.is_alive


@slow
async def test_work_that_takes_too_much_memory_is_refused_and_the_next_one_goes_on(
    tmp_path, long_table
):
    reader = Reader(tmp_path / "rows", most_memory=95_000_000)
    query = Query(sort=tuple(Sort(column=f"n{i}") for i in range(6)))
    try:
        with pytest.raises(InfrastructureError, match="S007"):
            await reader.work("arrange", long_table, query=query)
        assert msgspec.json.decode(await reader.ask("columns", long_table))["rows"] == 2_000_000
    finally:
        await reader.stop()


class Bench:
    """Work that goes on until it is let go."""

    def __init__(self):
        self.started = 0
        self.cancelled = 0
        self.may_end = asyncio.Event()

    async def work(self, tell):
        self.started += 1
        try:
            await self.may_end.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return b"done"


async def until(is_so):
    while not is_so():
        await asyncio.sleep(0.005)


async def settle():
    for _ in range(5):
        await asyncio.sleep(0)


async def test_the_same_work_is_done_once_and_goes_on_while_one_waits():
    bench, shared = Bench(), SharedWork()
    first, second = (asyncio.create_task(shared.do("key", bench.work)) for _ in range(2))
    await settle()
    first.cancel()
    await settle()
    assert (bench.started, bench.cancelled) == (1, 0)
    bench.may_end.set()
    assert await second == b"done"


async def test_work_that_all_have_left_is_given_up_and_can_be_asked_for_anew():
    bench, shared = Bench(), SharedWork()
    task = asyncio.create_task(shared.do("key", bench.work))
    await settle()
    task.cancel()
    await settle()
    assert bench.cancelled == 1
    again = asyncio.create_task(shared.do("key", bench.work))
    await settle()
    bench.may_end.set()
    assert await again == b"done" and bench.started == 2


async def test_a_newer_question_of_a_view_takes_the_place_of_the_older_one():
    bench, newest = Bench(), NewestOnly()
    older = asyncio.create_task(newest.do("view", 1, bench.work(None)))
    await settle()
    same = asyncio.create_task(newest.do("view", 1, bench.work(None)))
    other = asyncio.create_task(newest.do("another view", 2, bench.work(None)))
    await settle()
    assert bench.cancelled == 0
    newer = asyncio.create_task(newest.do("view", 2, bench.work(None)))
    for task in (older, same):
        with pytest.raises(RequestError, match="A007"):
            await task
    bench.may_end.set()
    assert await newer == await other == b"done"


async def test_a_caller_who_leaves_is_not_told_that_a_newer_one_came():
    bench, newest = Bench(), NewestOnly()
    task = asyncio.create_task(newest.do("view", 1, bench.work(None)))
    await settle()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await settle()
    assert bench.cancelled == 1
