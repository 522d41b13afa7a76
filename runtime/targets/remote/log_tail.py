"""The end of a log that grows on the host: what was not sent so far."""

import os

_PIECE_BYTES = 256 << 10
LIMIT_BYTES = 50 << 20


class LogTail:
    """Reads on from where it was.

    A flood ends at the limit, on the host's disk as on the way here.

    Args:
        path: The log; it need not exist so far.
        read: How much of it was sent already.
    """

    def __init__(self, path: str, read: int) -> None:
        self._path = path
        self._read = read
        self.folder = os.path.dirname(path)

    def more(self) -> bytes:
        """What came since; nothing when nothing did."""
        try:
            with open(self._path, "rb") as file:
                size = os.fstat(file.fileno()).st_size
                if size > LIMIT_BYTES:
                    os.truncate(self._path, LIMIT_BYTES)
                file.seek(self._read)
                data = file.read(min(_PIECE_BYTES, max(0, LIMIT_BYTES - self._read)))
        except OSError:
            return b""
        self._read += len(data)
        return data
