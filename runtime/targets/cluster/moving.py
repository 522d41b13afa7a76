"""A delivery whose folder has another path on a node than where our server is."""

import msgspec

from runtime.model import InputArtifact
from runtime.targets.remote.messages import Deliver

_replace = msgspec.structs.replace


def moved(delivered: Deliver, old: str, new: str) -> Deliver:
    """The delivery with all of its paths below another home folder.

    Args:
        delivered: As our server got it.
        old: The home folder where our server is.
        new: The one of this node.
    """
    if old == new:
        return delivered
    request = delivered.request

    def here(path: str) -> str:
        return new + path.removeprefix(old) if path.startswith(f"{old}/") else path

    files = {name: here(path) for name, path in request.files.items()}
    return _replace(
        delivered,
        request=_replace(
            request,
            entry=_replace(request.entry, source=here(request.entry.source)),
            inputs={
                port: tuple(InputArtifact(ref=one.ref, path=here(one.path)) for one in artifacts)
                for port, artifacts in request.inputs.items()
            },
            files=files,
            parameters={**request.parameters, **files},
            folder=here(request.folder),
            source_folder=here(request.source_folder),
            log=here(request.log),
        ),
    )
