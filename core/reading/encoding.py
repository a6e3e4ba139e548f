"""Bytes of any supported encoding → UTF-8, line by line, so that places stay those of the file.

Lines are cut on the original bytes, and transcoding keeps their number: line n of the UTF-8 text
is line n of the file. A line with bytes the encoding does not know is named, never repaired.
"""

import codecs
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from core.batch import Integers
from core.errors import FileError
from core.reading.utf8 import bad_utf8, valid_utf8

_UNITS = {"utf-16-le": 2, "utf-16-be": 2, "utf-32-le": 4, "utf-32-be": 4}
_BOMS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
    "gb18030": b"\x84\x31\x95\x33",
}
# A byte that no encoding gives, in a plane nobody assigns: keeps the structure of a bad line.
_MARK = 0x10FE00
_STRUCTURE = bytes(range(9, 14)) + bytes(range(32, 127))


def canonical(name: str) -> str:
    """One name for each encoding: `latin-1` is iso8859-1, `utf-8-sig` is utf-8 (with its mark)."""
    found = codecs.lookup(name).name
    return "utf-8" if found == "utf-8-sig" else found


def bom_of(head: bytes) -> tuple[str, int] | None:
    """The encoding that a byte order mark at the beginning tells, and the mark's length."""
    for name in ("utf-8", "utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be", "gb18030"):
        if head.startswith(_BOMS[name]):
            return name, len(_BOMS[name])
    return None


class Codec:
    """One encoding, with `terminator` the line end (None: LF, CRLF and CR alike).

    `head` are the file's first bytes: its mark settles the byte order of a plain `utf-16`.
    Raises FileError for an encoding whose lines cannot be found on the bytes (EBCDIC, UTF-7).
    """

    def __init__(self, name: str, terminator: str | None, head: bytes = b"") -> None:
        name = canonical(name)
        if name in ("utf-16", "utf-32"):
            mark = bom_of(head)
            name = mark[0] if mark and mark[0].startswith(name) else f"{name}-le"
        self.name = name
        self.unit = _UNITS.get(name, 1)
        self.order = "big" if name.endswith("-be") else "little"
        self.shifts = name.startswith("iso2022_jp")
        self.identity = name in ("utf-8", "ascii")
        self.terminator = terminator
        if self.unit == 1 and not _ascii_like(name):
            raise FileError(
                f"Text encoded as {name} cannot be read here.", "Convert the file to UTF-8 first."
            )
        mark_bytes = _BOMS.get(name, b"")
        self.mark = len(mark_bytes) if mark_bytes and head.startswith(mark_bytes) else 0
        self.line_ends = tuple(self.raw(end) for end in ("\r\n", "\n", "\r"))

    def raw(self, text: str) -> bytes:
        return text.encode(self.name)

    def stops(self, raw: bytes | memoryview, final: bool) -> Integers:
        """The byte after each line end; with `final` also the end of an unended last line."""
        units = self._units(raw)
        mixed = self.terminator is None and _has_return(raw, units)
        ends = self._ends(units, final, mixed)
        stops = (ends + 1) * self.unit
        if final and len(raw) and (not len(stops) or stops[-1] != len(raw)):
            stops = np.append(stops, len(raw))
        return stops

    def text_stops(self, text: bytes, final: bool = True) -> Integers:
        """The line ends of UTF-8 text."""
        return Codec("utf-8", self.terminator).stops(text, final)

    def direct(self, raw: bytes) -> bool:
        """Whether the bytes are the UTF-8 text themselves."""
        return self.identity or (self.unit == 1 and not self.shifts and raw.isascii())

    def feeds(self, text: bytes) -> bool:
        """Whether every line feed of UTF-8 text, and nothing else, ends a line."""
        return self.terminator == "\n" or (self.terminator is None and b"\r" not in text)

    def content(self, record: bytes) -> bytes:
        """The original bytes of a record without its line end."""
        for end in self.line_ends:
            if record.endswith(end) and (len(record) - len(end)) % self.unit == 0:
                return record[: len(record) - len(end)]
        return record

    def _units(self, raw: bytes | memoryview) -> npt.NDArray[np.unsignedinteger]:
        if self.unit == 1:
            return np.frombuffer(raw, np.uint8)
        kind = np.dtype(f"u{self.unit}").newbyteorder(">" if self.order == "big" else "<")
        return np.frombuffer(raw, kind, len(raw) // self.unit)

    def _ends(self, units: npt.NDArray[np.unsignedinteger], final: bool, mixed: bool) -> Integers:
        if self.terminator == "\n" or (self.terminator is None and not mixed):
            return np.flatnonzero(units == 10)
        if self.terminator == "\r":
            return np.flatnonzero(units == 13)
        if self.terminator == "\r\n":
            feeds = np.flatnonzero(units == 10)
            paired: Integers = feeds[(feeds > 0) & (units[feeds - 1] == 13)]
            return paired
        ends = np.flatnonzero((units == 10) | (units == 13))
        after = units[np.minimum(ends + 1, len(units) - 1)]
        pair = (units[ends] == 13) & (after == 10)
        if not final:  # a line feed may follow
            pair |= (units[ends] == 13) & (ends == len(units) - 1)
        kept: Integers = ends[~pair]
        return kept

    def transcode(self, raw: bytes, stops: Integers) -> tuple[bytes, list[int]]:
        """The UTF-8 text of whole lines, and the lines with bytes that the encoding lacks.

        Where the encoding is UTF-8 the text is `raw` itself, bad bytes and all.
        """
        if self.shifts:  # in ASCII bytes alone; each line begins unshifted, whatever came before
            return self._by_line(raw, stops)
        if self.unit == 1 and raw.isascii():
            return raw, []
        if self.name == "utf-8" and valid_utf8(raw):
            return raw, []
        if self.identity:
            places = bad_utf8(raw) if self.name == "utf-8" else _high(raw)
            return raw, np.unique(stops.searchsorted(places, "right")).tolist()
        try:
            return raw.decode(self.name).encode(), []
        except UnicodeDecodeError:
            return self._by_line(raw, stops)

    def _by_line(self, raw: bytes, stops: Integers) -> tuple[bytes, list[int]]:
        codecs.register_error("sluice-mark", _mark)
        parts, bad = [], []
        begin = 0
        for n, stop in enumerate(stops.tolist()):
            line = raw[begin:stop]
            try:
                parts.append(line.decode(self.name).encode())
            except UnicodeDecodeError:
                bad.append(n)
                content = self.content(line)
                text = content.decode(self.name, "sluice-mark")
                parts.append(text.encode() + line[len(content) :].decode(self.name).encode())
            begin = stop
        return b"".join(parts), bad


def shown(text: bytes) -> str:
    """What a person reads of a cell: bytes that are no text appear as `\\x92`."""
    if text.isascii():
        return text.decode()
    result = text.decode("utf-8", "backslashreplace")
    if max(result) >= chr(_MARK):
        marks = {_MARK + b: f"\\x{b:02x}" for b in range(256)}
        result = result.translate(marks)
    return result


def _mark(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return "".join(chr(_MARK + b) for b in error.object[error.start : error.end]), error.end


@lru_cache(64)
def _ascii_like(name: str) -> bool:
    """Whether ASCII bytes are ASCII text here, each of them at once."""
    if name == "iso2022_kr":  # its shifts reach beyond the line
        return False
    try:
        return all(bytes([b]).decode(name) == chr(b) for b in _STRUCTURE)
    except (UnicodeError, LookupError):
        return False


def _high(raw: bytes) -> Integers:
    return np.flatnonzero(np.frombuffer(raw, np.uint8) >= 0x80)


def _has_return(raw: bytes | memoryview, units: npt.NDArray[np.unsignedinteger]) -> bool:
    return b"\r" in raw if isinstance(raw, bytes) else bool((units == 13).any())
