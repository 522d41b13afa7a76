"""Logs for the engineer: standard `logging`, with run, step and node on every record."""

import logging
import sys
from typing import IO, Any

ROOT = "runtime"
_FORMAT = "%(asctime)s %(levelname)-7s %(name)s run=%(run)s step=%(step)s %(message)s"


class StepLog(logging.LoggerAdapter[logging.Logger]):
    """A logger that puts run and step ids on each record."""

    def process(self, msg: Any, kwargs: Any) -> tuple[Any, Any]:
        """Add the ids as extra fields."""
        extra = {**(self.extra or {}), **kwargs.get("extra", {})}
        return msg, {**kwargs, "extra": extra}


def step_log(name: str, *, run: str = "-", step: str = "-") -> StepLog:
    """A logger for one run or step."""
    return StepLog(logging.getLogger(name), {"run": run, "step": step})


def log_to(stream: IO[str] | None = None, *, level: int = logging.INFO) -> None:
    """Write the runtime's records to a stream, standard error unless given."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(logging.Formatter(_FORMAT, defaults={"run": "-", "step": "-"}))
    logger = logging.getLogger(ROOT)
    logger.addHandler(handler)
    logger.setLevel(level)
