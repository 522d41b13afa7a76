"""An open pipeline in memory never falls behind its log, whatever breaks an edit off."""

import asyncio

import pytest

from designer.document.operations import Change, Operation
from designer.store import PipelineStore
from runtime.errors import InfrastructureError


def edit(name, after):
    return Operation(id=name, client="tab", changes=(Change(path=(name,), after=after),))


async def test_an_edit_whose_client_is_gone_before_the_commit_is_committed_all_the_same(services):
    pipelines = services.pipelines
    await pipelines.create("p")
    leaving = asyncio.create_task(pipelines.apply("p", [edit("description", "left")]))
    await asyncio.sleep(0)
    leaving.cancel()
    await pipelines.apply("p", [edit("name", "stayed")])
    with pytest.raises(asyncio.CancelledError):
        await leaving
    opened = await pipelines.get("p")
    assert (opened.graph["description"], opened.graph["name"]) == ("left", "stayed")
    assert opened.revision == 2


async def test_an_edit_that_waited_behind_a_failed_one_builds_on_what_is_on_disk(
    services, monkeypatch
):
    pipelines = services.pipelines
    await pipelines.create("p")
    append, failures = PipelineStore.append, iter([True])

    def append_then_fail(self, *arguments):
        append(self, *arguments)
        self._session.commit()
        if next(failures, False):
            raise InfrastructureError("S001", "The disk is full.", remedy="Free some.")

    monkeypatch.setattr(PipelineStore, "append", append_then_fail)
    first = asyncio.create_task(pipelines.apply("p", [edit("description", "one")]))
    second = asyncio.create_task(pipelines.apply("p", [edit("name", "two")]))
    with pytest.raises(InfrastructureError):
        await first
    assert (await second).revision == 2
    again = await pipelines.apply("p", [edit("description", "one")])
    assert [result.status for result in again.results] == ["duplicate"]
    assert (await pipelines.get("p")).graph["description"] == "one"
