"""`designer` and `designer demo`: open the page."""

import argparse
import logging
from typing import TYPE_CHECKING

from designer.commands.place import workspace_of
from designer.server import OpenPage, Start, open_in_browser, serve

if TYPE_CHECKING:
    from designer.services.services import Services

DEMO_SAMPLE = "breast_cancer"


def open_designer(chosen: argparse.Namespace) -> int:
    """Open the designer on the workspace."""
    if chosen.version:
        from importlib.metadata import version

        from designer.commands.output import say

        say(f"designer {version('designer')}")
        return 0
    return _open(chosen, None)


def open_demo(chosen: argparse.Namespace) -> int:
    """Open it with the samples, one of them run."""
    return _open(chosen, _demo)


def _open(chosen: argparse.Namespace, start: Start | None) -> int:
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    serve(
        workspace_of(chosen),
        host=chosen.host,
        port=chosen.port,
        open_page=_way_to_open(chosen),
        is_remote_allowed=chosen.allow_remote,
        host_names=chosen.host_name,
        start=start,
    )
    return 0


def _way_to_open(chosen: argparse.Namespace) -> OpenPage | None:
    if chosen.native:
        from designer.native_window import check_native, open_in_window

        check_native()
        return open_in_window
    return None if chosen.no_browser else open_in_browser


async def _demo(services: "Services") -> str:
    """Create the samples that are not there and begin to run one; gives its page."""
    known = await services.pipelines.ids()
    for sample in services.pipelines.samples().samples:
        if sample.id not in known:
            await services.pipelines.create(sample=sample.id)
    if await services.runs.latest(DEMO_SAMPLE) is None:
        services.in_background(_run_demo(services))
    return f"/pipelines/{DEMO_SAMPLE}"


async def _run_demo(services: "Services") -> None:
    """The page opens while the engine starts, and shows the run from its beginning."""
    from runtime.planning import PlanOptions

    await services.start_run(DEMO_SAMPLE, PlanOptions())
