"""A preview in one line of words."""

from collections.abc import Mapping

from runtime.model.preview import Forecast, Outcome

_WORDS: tuple[tuple[Outcome, str], ...] = (
    ("runs", "run"),
    ("reused", "reused"),
    ("probably_reused", "probably reused"),
    ("keeps", "kept"),
    ("frozen", "frozen"),
    ("skipped", "skipped"),
    ("waits", "wait"),
    ("invalid", "invalid"),
)
_NOTICEABLY = 1.5


def summary(counts: Mapping[Outcome, int], forecast: Forecast) -> str:
    """`4 run, 5 reused, about 12 s`."""
    parts = [_counted(counts[name], word) for name, word in _WORDS if counts.get(name)]
    if not parts:
        return "Nothing to run"
    return ", ".join([*parts, *_time(counts, forecast)])


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'s' * (count == 1 and word in ('run', 'wait'))}"


def _time(counts: Mapping[Outcome, int], forecast: Forecast) -> list[str]:
    runs = counts.get("runs", 0)
    if not runs and not counts.get("probably_reused"):
        return []
    if runs and forecast.unknown == runs:
        return ["no past run says how long"]
    if forecast.unknown:
        return [f"at least {duration(forecast.typical_s)}"]
    words = time_range(forecast.low_s, forecast.typical_s, forecast.high_s)
    return [words if words.startswith("under") else f"about {words}"]


def time_range(low_s: float, typical_s: float, high_s: float) -> str:
    """A duration in words, as a range where past runs differed noticeably.

    >>> time_range(1.0, 1.1, 1.2), time_range(4.0, 5.0, 9.0)
    ('1.1 s', '4 to 9 s')
    """
    if high_s < 1 or high_s <= max(low_s, 0.05) * _NOTICEABLY:
        return duration(typical_s)
    low, high = duration(low_s), duration(high_s)
    if low == high:
        return high
    number, _, unit = low.partition(" ")
    return f"{number if high.split(' ')[1:] == [unit] else low} to {high}"


def duration(seconds: float) -> str:
    """Seconds as people say them.

    >>> [duration(value) for value in (0.004, 0.26, 3.14, 42.4, 130, 7300)]
    ['under 0.1 s', '0.3 s', '3.1 s', '42 s', '2 min 10 s', '2 h 2 min']
    """
    if seconds < 0.1:
        return "under 0.1 s"
    if seconds < 10:
        return f"{seconds:.1f} s".replace(".0 s", " s")
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"
