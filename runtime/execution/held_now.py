"""What running steps hold of each target now."""

from runtime.model import ONE_PROCESSOR, Slots
from runtime.model.slots import together
from runtime.stores import SqliteRunStore


def held_now(store: SqliteRunStore) -> dict[str, Slots]:
    """What is held, by the name of the target; those that nothing runs on are not named."""
    held: dict[str, list[Slots]] = {}
    for run_id, _ in store.unfinished():
        for step in store.step_runs(run_id).values():
            if step.status == "running":
                held.setdefault(step.target, []).append(step.slots or ONE_PROCESSOR)
    return {target: together(slots) for target, slots in held.items()}
