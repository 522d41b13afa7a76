"""Steps of one fingerprint that are under way at the same time: one computes, the others wait. Pure."""

from runtime.execution.slot_table import Key


class SameWork:
    """Who computes which fingerprint now, and who would take the result."""

    def __init__(self) -> None:
        self._computed_by: dict[str, Key] = {}
        self._wanted_by: dict[str, list[Key]] = {}

    def want(self, fingerprint: str, key: Key) -> Key | None:
        """A look-up found nothing; gives the step that is computing just this, if one is."""
        self._wanted_by.setdefault(fingerprint, []).append(key)
        return self._computed_by.get(fingerprint)

    def computed_by(self, fingerprint: str | None) -> Key | None:
        """The step that computes it now."""
        return self._computed_by.get(fingerprint) if fingerprint else None

    def begin(self, fingerprint: str, key: Key) -> None:
        """A step starts to compute it."""
        self._computed_by.setdefault(fingerprint, key)

    def finish(self, fingerprint: str, key: Key) -> list[Key]:
        """There is a result; gives the other steps that want it."""
        if self._computed_by.get(fingerprint) == key:
            del self._computed_by[fingerprint]
        return [one for one in self._wanted_by.pop(fingerprint, ()) if one != key]

    def fail(self, fingerprint: str, key: Key) -> list[Key]:
        """An attempt gave no result; gives the other steps that waited for it."""
        if self._computed_by.get(fingerprint) != key:
            return []
        del self._computed_by[fingerprint]
        return [one for one in self._wanted_by.get(fingerprint, ()) if one != key]

    def forget(self, fingerprint: str, key: Key) -> None:
        """A step ended without a result and wants none any more."""
        wanted = self._wanted_by.get(fingerprint)
        if wanted and key in wanted:
            wanted.remove(key)
            if not wanted:
                del self._wanted_by[fingerprint]
