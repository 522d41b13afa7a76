"""Numbers and times as people read them. Pure."""

from datetime import UTC, datetime

from designer.pages.markup import Markup, tag

__all__ = ["bytes_words", "count_words", "moment", "number_words", "seconds_words", "ticking"]

_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def seconds_words(seconds: float | None) -> str:
    """A duration.

    >>> seconds_words(0.0004), seconds_words(0.0042), seconds_words(1.234), seconds_words(95), seconds_words(None)
    ('< 1 ms', '4 ms', '1.23 s', '1 min 35 s', '')
    """
    if seconds is None:
        return ""
    if seconds < 0.001:
        return "< 1 ms"
    if seconds < 0.1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 10:
        return f"{seconds:.2f} s"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def bytes_words(size: float) -> str:
    """A size in decimal units.

    >>> bytes_words(999), bytes_words(1500), bytes_words(2_340_000_000)
    ('999 bytes', '1.5 kB', '2.3 GB')
    """
    unit = 0
    while size >= 1000 and unit < len(_UNITS) - 1:
        size, unit = size / 1000, unit + 1
    return (
        f"{size:.0f} {_UNITS[unit]}" if unit == 0 or size >= 100 else f"{size:.1f} {_UNITS[unit]}"
    )


def cost_words(cost: float) -> str:
    """A sum of money; small ones keep what they consist of.

    >>> [cost_words(cost) for cost in (0, 0.00042, 0.5, 1234.5)]
    ['0.00', '0.00042', '0.50', '1,234.50']
    """
    return f"{cost:,.2f}" if cost == 0 or cost >= 0.1 else f"{cost:.2g}"


def number_words(value: object) -> str:
    """A metric: four significant digits, whole numbers in full.

    >>> number_words(0.98765), number_words(12345), number_words("text"), number_words(True)
    ('0.9877', '12,345', 'text', 'True')
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:.4g}"


def count_words(count: int, one: str, many: str = "") -> str:
    """A count with its noun.

    >>> count_words(1, "node"), count_words(1200, "node"), count_words(2, "entry", "entries")
    ('1 node', '1,200 nodes', '2 entries')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def moment(at: float | None) -> Markup:
    """A point in time; the browser says how long ago it is, in its own time zone."""
    if at is None:
        return Markup("")
    exact = datetime.fromtimestamp(at, UTC)
    iso = exact.isoformat(timespec="seconds")
    return tag("time", exact.strftime("%Y-%m-%d %H:%M UTC"), datetime=iso, data_at=f"{at:.0f}")


def ticking(since: float | None) -> Markup:
    """The seconds since a point in time, counted by the browser."""
    return tag("span", data_since=f"{since:.0f}") if since is not None else Markup("")
