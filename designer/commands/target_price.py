"""`designer target price`: what an hour on a compute target costs."""

import argparse

from designer.commands.output import print_json, say
from designer.commands.place import workspace_of
from runtime.errors import RequestError
from runtime.targets.prices import PriceFile
from runtime.targets.target_file import TargetFile


def price(chosen: argparse.Namespace) -> int:
    """Set the price of an hour, or say it; 0 takes it away."""
    workspace = workspace_of(chosen)
    target, prices = TargetFile(workspace).get(chosen.name), PriceFile(workspace)
    if chosen.price is not None:
        prices.set(target.name, _number(chosen.price))
    known = prices.prices().get(target.name, 0.0)
    if chosen.json:
        print_json({"target": target.name, "price_per_hour": known})
    else:
        say(f"An hour on '{target.name}' costs {known:g}." if known else "It has no price.")
    return 0


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as exc:
        raise RequestError(
            "T002", f"'{text}' is no price for an hour.", remedy="Give a number, 0 for no price."
        ) from exc
