"""Logs for the engineer: standard `logging`, with run and step on every record.

Nobody hears a record unless somebody has imported `logging` to listen, so the engine does not
import it for itself: it would be a tenth of the way to the first step.
"""

import sys
from typing import IO

ROOT = "runtime"
_FORMAT = "%(asctime)s %(levelname)-7s %(name)s run=%(run)s step=%(step)s %(message)s"
_INFO = 20


def note(name: str, message: str, *arguments: object, run: str = "-", step: str = "-") -> None:
    """Log a change of state at level INFO.

    Args:
        name: The logger's name, `__name__` of the caller.
        message: Text with %-places for the arguments, filled in only if somebody listens.
        arguments: What fills the places.
        run: Id of the run it is about.
        step: Id of the step it is about.
    """
    logging = sys.modules.get("logging")
    if logging is not None:
        logger = logging.getLogger(name)
        if logger.isEnabledFor(_INFO):
            logger.log(_INFO, message, *arguments, extra={"run": run, "step": step})


def log_to(stream: IO[str] | None = None, *, level: int = _INFO) -> None:
    """Write the runtime's records to a stream, standard error unless given."""
    import logging

    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(logging.Formatter(_FORMAT, defaults={"run": "-", "step": "-"}))
    logger = logging.getLogger(ROOT)
    logger.addHandler(handler)
    logger.setLevel(level)
