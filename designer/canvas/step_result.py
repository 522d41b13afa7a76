"""The editor's view of one step's result, as an element for other pages."""

from collections.abc import Callable, Mapping, Sequence

import msgspec
from nicegui.element import Element

from designer.canvas import canvas  # noqa: F401 - registers the package that the browser imports
from runtime.model import OutputPort, StepRun

__all__ = ["StepResult"]


class StepResult(Element, component="step_result.js"):
    """Outputs, metrics, log and error of a step; follows the log while the step runs.

    Args:
        on_show_node: Called when a person asks where in the graph the step is.
    """

    def __init__(self, on_show_node: Callable[[], None]) -> None:
        super().__init__()
        self.on("show_node", lambda _: on_show_node())

    def show(
        self,
        run_id: str,
        step: StepRun,
        *,
        outputs: Sequence[OutputPort] = (),
        sources: Mapping[str, str] | None = None,
    ) -> None:
        """Show a step, or its newest state.

        Args:
            run_id: The run it belongs to.
            step: What is known of it.
            outputs: Its module's output ports, in their order.
            sources: For each input port the label of the step that feeds it.
        """
        props = {
            "runId": run_id,
            "stepId": step.step,
            "step": msgspec.json.encode(step).decode(),
            "outputs": msgspec.json.encode(outputs).decode(),
            "titles": msgspec.json.encode(sources or {}).decode(),
        }
        if any(self._props.get(name) != value for name, value in props.items()):
            self._props.update(props)
            self.update()
