"""Layouts beside the event loop: given up with whoever asked, suggested places kept."""

import asyncio

import pytest

from designer.layout import LayoutRequest, NodeShape, WireShape
from designer.services import layouts
from designer.services.layouts import LayoutService
from modules_library.registry import open_catalog
from runtime.model import Graph, Node


def chain(length):
    shape = NodeShape(width=208, height=64)
    wires = [
        WireShape(source=f"n{i}", source_x=104, target=f"n{i + 1}", target_x=104)
        for i in range(length - 1)
    ]
    return LayoutRequest(nodes={f"n{i}": shape for i in range(length)}, wires=wires)


async def test_a_layout_that_nobody_waits_for_any_more_ends_its_process(monkeypatch):
    started = []
    start = asyncio.create_subprocess_exec

    async def watched(*arguments, **options):
        started.append(await start(*arguments, **options))
        return started[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", watched)
    work = asyncio.create_task(LayoutService().lay_out(chain(layouts.LARGEST_BESIDE + 5000)))
    while not started:
        await asyncio.sleep(0.01)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert started[0].returncode is not None


async def test_large_graphs_take_turns_and_small_ones_do_not_wait_for_them():
    service = LayoutService()
    large = [asyncio.create_task(service.lay_out(chain(1500))) for _ in range(2)]
    await asyncio.sleep(0)
    await service.lay_out(chain(3))
    assert not any(task.done() for task in large)
    first, second = await asyncio.gather(*large)
    assert first == second and len(first.places) == 1500


async def test_suggested_places_are_kept_for_a_version_and_found_again_for_another():
    service, catalog = LayoutService(), open_catalog(None)
    one = Graph(nodes={"a": Node(module="x.y")})
    two = Graph(nodes={"a": Node(module="x.y"), "b": Node(module="x.y")})
    first = await service.suggest(one, catalog, name="p", version=(0, 0))
    assert first[""].keys() == {"a"}
    assert await service.suggest(two, catalog, name="p", version=(0, 0)) is first
    assert (await service.suggest(two, catalog, name="p", version=(1, 0)))[""].keys() == {"a", "b"}
