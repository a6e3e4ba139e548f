"""Bytes that contradict an encoding outright: a mark of another one, or its line ends nowhere.

A wrong encoding of this kind gives no table at all, or one of nonsense, and seldom an error.
"""

import re
from pathlib import Path

from core.errors import FileError
from core.reading.encoding import Codec, bom_of

_HEAD = 1 << 16
_SHIFT = re.compile(rb"\+[A-Za-z0-9+/]{3,}-")
# Escape sequences that change what the bytes after them mean (ISO 2022, RFC 1468, 1557, 1922, 1843)
_JAPANESE = re.compile(rb"\x1b(?:\$[@B]|\$\([@BDOPQ]|\(I)")
_FORMS = ("iso2022_jp", "iso2022_jp_ext", "iso2022_jp_2004", "iso2022_jp_2")
_SHIFTING = (
    (re.compile(rb"\x1b\$\)C"), "ISO-2022-KR"),
    (re.compile(rb"\x1b\$\)[AGE]"), "ISO-2022-CN"),
    (re.compile(rb"~\{(?:[\x21-\x7e]{2})+~\}"), "HZ-GB-2312"),
)


def wide(sample: bytes) -> tuple[str, str] | None:
    """UTF-16 or UTF-32 without a mark, and why: a letter of ASCII brings its zero bytes along."""
    return _four(sample) or _two(sample)


def _four(sample: bytes) -> tuple[str, str] | None:
    """No character is beyond U+10FFFF."""
    head = sample[: len(sample[:_HEAD]) // 4 * 4]
    for name, high, plane in (("utf-32-le", 3, 2), ("utf-32-be", 0, 1)):
        fits = len(head) >= 8 and not any(head[high::4]) and max(head[plane::4]) <= 0x10
        if fits and not _strange(head, name):
            return name, "every fourth byte is zero"
    return None


def _two(sample: bytes) -> tuple[str, str] | None:
    """ASCII's zero bytes stand all at even, or all at odd places."""
    head = sample[: len(sample[:_HEAD]) // 2 * 2]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    most, least = max(even, odd), min(even, odd)
    if most < 2 or most < len(head) * 0.02 or least > most * 0.02:
        return None
    name = "utf-16-be" if even > odd else "utf-16-le"
    if _strange(head, name):
        return None
    return name, f"{most:,} zero bytes, all at {'even' if even > odd else 'odd'} places"


def _strange(head: bytes, name: str) -> bool:
    text = head.decode(name, "replace")
    strange = sum(not (c.isprintable() or c in "\r\n\t") for c in text)
    return strange > len(text) * 0.02


def stateful(sample: bytes, path: Path | str) -> str | None:
    """The form of ISO-2022-JP that a sample is written in: each of its lines begins with ASCII.

    Raises FileError for those encodings in which a byte means something only in the light of
    those on the lines before it.
    """
    head = sample[:_HEAD]
    if not head.isascii():
        return None
    if _JAPANESE.search(head):
        lines = head[: head.rfind(b"\n") + 1] or head
        return next((name for name in _FORMS if _decodes(lines, name)), None)
    found = next((name for pattern, name in _SHIFTING if pattern.search(head)), None)
    if found is None and _is_utf7(head):
        found = "UTF-7"
    if found is not None:
        raise FileError(
            f"{path} is written in {found}, whose lines cannot be read here one by one.",
            f"Convert it first: iconv -f {found} -t UTF-8; or say utf-8 if it is none.",
        )
    return None


def _decodes(sample: bytes, name: str) -> bool:
    try:
        sample.decode(name)
    except UnicodeDecodeError:
        return False
    return True


def _is_utf7(head: bytes) -> bool:
    """At least two runs between + and - that are letters beyond ASCII."""
    try:
        runs = [run.decode("utf-7") for run in _SHIFT.findall(head)]
    except UnicodeDecodeError:
        return False
    return len(runs) > 1 and all(c.isalpha() and c > "\x7f" for run in runs for c in run)


def refuse_misfit(sample: bytes, codec: Codec, path: Path | str) -> None:
    """Raises FileError where the file's first bytes cannot be of the encoding they are said to be
    in; single bad characters are no matter for this."""
    mark = bom_of(sample)
    head = sample[: len(sample[:_HEAD]) // 4 * 4]
    why, better = "", ""
    if mark is not None and mark[0] != codec.name:
        better = mark[0]
        why = f"it begins with the byte order mark of {better}"
    elif codec.unit > 1 and mark is None:
        better, why = _not_wide(head, codec)
    elif codec.unit == 1 and head.count(0) * 4 >= len(head) >= 16 and (found := wide(sample)):
        better, why = found
    if why:
        raise FileError(
            f"{path} is not written in {codec.name}: {why}.",
            f"Read it as {better}, or let the encoding be detected.",
        )


def _not_wide(head: bytes, codec: Codec) -> tuple[str, str]:
    """A table has delimiters or line ends, and each of them zero bytes."""
    if 0 not in head and (b"\n" in head or b"\r" in head):
        return "utf-8", "it has lines and no zero bytes"
    found = wide(head) if head.count(0) * 4 >= len(head) >= 16 else None
    return found if found and found[0] != codec.name else ("", "")
