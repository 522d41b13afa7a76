"""Under which circumstances a run is accepted: what its targets cost, which packages there are."""

from typing import Any

from runtime.errors import DesignerError
from runtime.execution.environment_lock import kept_lock
from runtime.log import note
from runtime.model import LOCAL, Plan
from runtime.stores import Workspace
from runtime.targets.prices import PriceFile


def circumstances(workspace: Workspace, plan: Plan) -> dict[str, Any]:
    """What goes into the run's record; nothing of it can keep a run from beginning."""
    targets = {step.target for step in plan.steps}
    found: dict[str, Any] = {}
    try:
        prices = PriceFile(workspace.path).prices()
        found["prices"] = {name: prices[name] for name in sorted(targets & prices.keys())}
        if LOCAL in targets:
            found["packages"] = kept_lock(workspace.path)
    except (DesignerError, OSError) as exc:
        note(__name__, "what surrounds the run is not recorded: %s", exc)
    return found
