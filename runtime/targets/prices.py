"""What compute targets cost: a price per hour each, in one readable file, `prices.toml`."""

import math
from pathlib import Path

import msgspec

from runtime.durable_files import replace_durably
from runtime.errors import InfrastructureError, RequestError
from runtime.stores.toml_text import toml_value

PRICES_FILE = "prices.toml"


class PriceFile:
    """Reads and writes the prices of one workspace; a target without one is not in it.

    Args:
        workspace: The workspace's folder; it needs not exist to be read.
    """

    def __init__(self, workspace: Path | str) -> None:
        self.path = Path(workspace) / PRICES_FILE

    def prices(self) -> dict[str, float]:
        """The price of an hour on each target that has one.

        Raises:
            InfrastructureError: T002 when the file cannot be read.
        """
        if not self.path.exists():
            return {}
        import tomllib

        try:
            document = tomllib.loads(self.path.read_text(encoding="utf-8"))
            return msgspec.convert(document, dict[str, float])
        except (OSError, ValueError) as exc:
            raise InfrastructureError(
                "T002",
                f"The prices in '{self.path}' cannot be read: {exc}.",
                remedy="Correct the file, or move it away and set the prices again.",
            ) from exc

    def set(self, target: str, price_per_hour: float) -> None:
        """Set the price of an hour on a target; 0 takes it away.

        Raises:
            RequestError: T002 for a price that is none.
        """
        if not math.isfinite(price_per_hour) or price_per_hour < 0:
            raise RequestError(
                "T002",
                f"{price_per_hour} is no price for an hour.",
                remedy="Give a number, 0 for no price.",
            )
        prices = {**self.prices(), target: price_per_hour}
        lines = [f"{toml_value(name)} = {price!r}\n" for name, price in prices.items() if price]
        replace_durably(self.path, "".join(lines).encode())
