"""Why a step waits for slots, in words. Pure."""

from runtime.execution.slot_table import Holder, SlotTable, Waiter
from runtime.model.slots import KINDS, Kind, amount, kinds_of

_MOST_NAMES = 3


def why(table: SlotTable, waiter: Waiter) -> str:
    """What it waits for and who has it, or behind whom it stands.

    Args:
        table: The slots of its target.
        waiter: A step in its line.
    """
    lacks = table.lacks(waiter.asks)
    if lacks:
        return "waits for " + ", and for ".join(
            _shortage(table, waiter, kind) for kind in KINDS if kind in lacks
        )
    mine = kinds_of(waiter.asks)
    before = next(one for one in table.line if one is waiter or one.short_of & mine)
    kinds = before.short_of & mine
    wanted = " and ".join(
        amount(kind, getattr(waiter.asks, kind)) for kind in KINDS if kind in kinds
    )
    return f"waits for {wanted}: '{before.label}' comes first"


def _shortage(table: SlotTable, waiter: Waiter, kind: Kind) -> str:
    holders = [one for one in table.holders.values() if getattr(one.slots, kind)]
    wanted = amount(kind, getattr(waiter.asks, kind))
    return f"{wanted}: {_free(table, waiter, kind)}{_by(holders, waiter)}"


def _free(table: SlotTable, waiter: Waiter, kind: Kind) -> str:
    """How much of a kind is left, up to the names of those who have the rest."""
    if kind == "memory_gib":
        free = max(0.0, table.free_memory_gib)
        return f"{free:.3g} of {table.resources.memory_gib:g} GiB are free, the rest is taken"
    total = getattr(table.resources, kind)
    free = round(table.free_cpus if kind == "cpus" else table.free_gpus, 2)
    if kind == "gpus" and waiter.asks.gpus >= 1:
        free = table.whole_gpus
    if free <= 0:
        return {1: "it is taken", 2: "both are taken"}.get(total, f"all {total} are taken")
    return f"{free:g} of {total} {'is' if free == 1 else 'are'} free, the rest is taken"


def _by(holders: list[Holder], waiter: Waiter) -> str:
    if not holders:
        return ""
    names = [_name(one, waiter) for one in holders[:_MOST_NAMES]]
    if len(holders) > _MOST_NAMES:
        names.append(f"{len(holders) - _MOST_NAMES} more")
    *others, last = names
    return f" by {', '.join(others)} and {last}" if others else f" by {last}"


def _name(one: Holder, waiter: Waiter) -> str:
    return f"'{one.label}'" if one.run == waiter.run else f"'{one.label}' of run {one.run}"
