"""What a container takes, out of what its engine says. Pure."""

from typing import Any

from runtime.targets.usage import Usage

_NS = 1e9
_CACHE = ("total_inactive_file", "inactive_file")


class ContainerMeter:
    """Reads one container."""

    def __init__(self) -> None:
        self._read_at = 0.0
        self._cpu_read = 0.0
        self._peak = 0

    def read(self, said: dict[str, Any], now: float) -> Usage:
        """A reading.

        Args:
            said: The engine's answer.
            now: The steady clock.

        Raises:
            KeyError: The container has ended.
        """
        cpu = said["cpu_stats"]["cpu_usage"]["total_usage"] / _NS
        memory = _resident(said["memory_stats"])
        self._peak = max(self._peak, memory)
        before, self._read_at = self._read_at, now
        used, self._cpu_read = cpu - self._cpu_read, cpu
        percent = 100 * used / (now - before) if before and now > before else 0.0
        return Usage(
            cpu_percent=round(max(0.0, percent), 1),
            cpu_seconds=round(cpu, 2),
            memory_bytes=memory,
            peak_memory_bytes=self._peak,
        )


def _resident(memory: dict[str, Any]) -> int:
    """Without the pages of files that the kernel would drop first, as `docker stats` counts."""
    facts = memory.get("stats", {})
    cache = next((facts[name] for name in _CACHE if name in facts), 0)
    return max(0, int(memory["usage"]) - int(cache))
