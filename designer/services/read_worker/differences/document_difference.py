"""What differs between two documents: metrics by model, everything else leaf by leaf."""

from collections.abc import Iterator
from typing import Any

MOST_CHANGES = 500
LONGEST_LIST = 24
"""Longer lists of numbers are compared as one value, by their largest change."""

ABSENT = {"$absent": True}

Path = tuple[str, ...]


def document_difference(before: Any, after: Any) -> dict[str, Any]:
    """Metrics side by side, and the leaves that differ."""
    metrics = list(_metrics(before, after))
    changes = list(_changes((), _without_metrics(before), _without_metrics(after)))
    return {
        "kind": "documents",
        "is_same": before == after,
        "metrics": metrics,
        "changes": changes[:MOST_CHANGES],
        "more": max(0, len(changes) - MOST_CHANGES),
    }


def _metrics(before: Any, after: Any) -> Iterator[dict[str, Any]]:
    old, new = _metrics_by_model(before), _metrics_by_model(after)
    for model in dict.fromkeys([*old, *new]):
        was, is_ = old.get(model, {}), new.get(model, {})
        for name in dict.fromkeys([*was, *is_]):
            first, second = was.get(name), is_.get(name)
            yield {
                "model": model,
                "name": name,
                "before": first,
                "after": second,
                "change": _change(first, second),
            }


def _metrics_by_model(document: Any) -> dict[str, dict[str, Any]]:
    if not isinstance(document, dict):
        return {}
    if isinstance(document.get("models"), list):
        models = [model for model in document["models"] if isinstance(model, dict)]
        found = {
            str(model.get("title") or model.get("name")): model.get("metrics") for model in models
        }
    else:
        found = {"": document.get("metrics")}
    return {name: metrics for name, metrics in found.items() if isinstance(metrics, dict)}


def _without_metrics(value: Any) -> Any:
    """A document without its metrics, and with models under their names rather than in a list."""
    if not isinstance(value, dict):
        return value
    rest = {key: inner for key, inner in value.items() if key != "metrics"}
    if isinstance(rest.get("models"), list):
        named = {str(at): model for at, model in enumerate(rest["models"])}
        rest["models"] = {
            str(model.get("name", at)) if isinstance(model, dict) else at: _without_metrics(model)
            for at, model in named.items()
        }
    return rest


def _changes(path: Path, before: Any, after: Any) -> Iterator[dict[str, Any]]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys([*before, *after]):
            inner = (*path, str(key))
            yield from _changes(inner, before.get(key, ABSENT), after.get(key, ABSENT))
    elif isinstance(before, list) and isinstance(after, list):
        yield from _list_changes(path, before, after)
    else:
        yield {"path": list(path), "before": _short(before), "after": _short(after)}


def _list_changes(path: Path, before: list[Any], after: list[Any]) -> Iterator[dict[str, Any]]:
    numbers = all(_is_number(value) for value in [*before, *after])
    if numbers and max(len(before), len(after)) > LONGEST_LIST:
        same_length = len(before) == len(after)
        largest = max((abs(b - a) for a, b in zip(before, after, strict=False)), default=0)
        yield {
            "path": list(path),
            "before": {"$numbers": len(before)},
            "after": {"$numbers": len(after)},
            "largest_change": largest if same_length else None,
        }
        return
    for at in range(max(len(before), len(after))):
        old = before[at] if at < len(before) else ABSENT
        new = after[at] if at < len(after) else ABSENT
        yield from _changes((*path, str(at)), old, new)


def _short(value: Any) -> Any:
    if isinstance(value, str) and len(value) > 500:
        return value[:500] + "…"
    if isinstance(value, list) and len(value) > LONGEST_LIST:
        return [*value[:LONGEST_LIST], "…"]
    if isinstance(value, dict) and value is not ABSENT and len(value) > LONGEST_LIST:
        return {**dict(list(value.items())[:LONGEST_LIST]), "…": "…"}
    return value


def _change(before: Any, after: Any) -> float | None:
    return after - before if _is_number(before) and _is_number(after) else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
