"""Files in the `pipelines` folder that somebody put there and that are no graph."""

from designer.services.answers import FileProblem
from designer.services.push import PushHub
from runtime.model import Diagnostic


class UnreadableFiles:
    """What is wrong with them; the open lists are told about every change.

    Args:
        push: Told about every change.
    """

    def __init__(self, push: PushHub) -> None:
        self._push = push
        self._problems: dict[str, tuple[Diagnostic, ...]] = {}

    def listed(self) -> tuple[FileProblem, ...]:
        """Every one of them, by name."""
        found = sorted(self._problems.items())
        return tuple(FileProblem(file=name, diagnostics=problems) for name, problems in found)

    def note(self, name: str, problems: tuple[Diagnostic, ...] = ()) -> None:
        """Note what is wrong with a file; nothing, when it was mended or is gone."""
        if self._problems.get(name, ()) == problems:
            return
        if problems:
            self._problems[name] = problems
        else:
            del self._problems[name]
        self.tell()

    def tell(self) -> None:
        """Tell the open lists that the folder holds something else than before."""
        self._push.publish({"kind": "files"}, "")
