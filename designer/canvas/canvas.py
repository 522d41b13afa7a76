"""The editor as one NiceGUI element: it hands the browser a pipeline's id and nothing else.

Everything that happens in it goes over REST and the push channel (`designer/canvas/web`); the
element itself sends no events and keeps no state, so a page that reconnects loses nothing.
"""

import zlib
from pathlib import Path

from nicegui.dependencies import register_esm
from nicegui.element import Element

__all__ = ["WEB", "PipelineEditor", "content_stamp"]

WEB = Path(__file__).parent / "web"


def content_stamp(folder: Path) -> float:
    """A number that changes with the bytes or names of the files in a folder.

    NiceGUI serves a package under a key made from its path and this number, and lets browsers
    keep it for a year. Its own choice, the folder's modification time, stays the same when a file
    is overwritten in place, and browsers would go on running last year's code.
    """
    stamp = 0
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            stamp = zlib.crc32(path.relative_to(folder).as_posix().encode(), stamp)
            stamp = zlib.crc32(path.read_bytes(), stamp)
    return float(stamp)


register_esm("pipeline-editor", WEB, max_time=content_stamp(WEB))


class PipelineEditor(Element, component="pipeline_editor.js"):
    """The editor of a pipeline, or a past run on the canvas as it was.

    Args:
        pipeline_id: The pipeline to edit.
        run_id: Show the graph of this run instead, read-only.
        read_only: Show, but change nothing.
    """

    def __init__(self, pipeline_id: str = "", *, run_id: str = "", read_only: bool = False) -> None:
        super().__init__()
        self._props["pipelineId"] = pipeline_id
        self._props["runId"] = run_id
        self._props["readOnly"] = read_only or bool(run_id)
