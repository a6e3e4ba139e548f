"""The last lines of a stream held back, however long the stream is."""

from core.reading.encoding import Codec
from core.reading.unpacking import Bytes

_AHEAD = 1 << 16


class Footless:
    """Reads like `Bytes`, without the file's last `rows` lines; `footer` holds them at the end."""

    def __init__(self, stream: Bytes, codec: Codec, rows: int) -> None:
        self._stream = stream
        self._codec = codec
        self._rows = rows
        self._held = b""
        self._ended = False
        self.footer = b""

    def read(self, count: int) -> bytes:
        if not self._rows:
            return self._stream.read(count)
        while not self._ended and self._free() < count:
            part = self._stream.read(max(count, _AHEAD))
            self._ended = len(part) < max(count, _AHEAD)
            self._held += part
            if self._ended:
                cut = self._cut()
                self._held, self.footer = self._held[:cut], self._held[cut:]
        given = self._held[: count if self._ended else min(count, self._free())]
        self._held = self._held[len(given) :]
        return given

    def _free(self) -> int:
        """How many bytes surely stand before the footer."""
        return len(self._held) if self._ended else self._cut()

    def _cut(self) -> int:
        stops = self._codec.stops(self._held, True)
        lines = len(stops)
        return int(stops[lines - self._rows - 1]) if lines > self._rows else 0
