"""What dialect a file is written in, told from a bounded sample, with evidence."""

from collections import Counter
from pathlib import Path
from typing import Any

from core.dialect import Detection, Dialect, Evidence
from core.encoding import Codec, bom_of
from core.errors import FileError
from core.files import Bytes, locate
from core.machine import Machine

SAMPLE = 1 << 18


def detect(path: Path | str, **overrides: Any) -> Detection:
    """Raises FileError for what is missing, empty, unreadable or no text."""
    found = locate(path)
    stream = Bytes(found)
    sample = stream.read(SAMPLE)
    stream.close()
    if not sample:
        raise FileError(f"{path} is empty.", "Choose a file with a header and rows.")
    mark = bom_of(sample)
    if mark is None and b"\0" in sample[:4096]:
        raise FileError(f"{path} holds binary data, not text.", "Choose a CSV file.")
    encoding = mark[0] if mark else _encoding(sample)
    encoding = overrides.get("encoding", encoding)
    text = sample[mark[1] if mark else 0 :].decode(encoding, "replace")
    best = max(",;\t|", key=lambda d: _score(text, d))
    dialect = Dialect(encoding=encoding, delimiter=best).replace(**overrides)
    evidence = (
        Evidence("encoding", encoding, 0.9, "the sample reads as such"),
        Evidence("delimiter", best, 0.9, "it gives the most even rows"),
    )
    return Detection(dialect, evidence, 0.9)


def _encoding(sample: bytes) -> str:
    for name in ("utf-8", "cp1252"):
        try:
            sample[: sample.rfind(b"\n") + 1].decode(name)
        except UnicodeDecodeError:
            continue
        return name
    return "cp1252"


def _score(text: str, delimiter: str) -> float:
    machine = Machine(Dialect(delimiter=delimiter))
    counts: list[int] = []
    data, at = text.encode(), 0
    while at < len(data) and len(counts) < 200:
        scan = machine.scan(data, at)
        counts.append(len(scan.cells))
        at = scan.stop
    if not counts:
        return 0.0
    width, times = Counter(counts).most_common(1)[0]
    return times / len(counts) * (1 - 1 / (1 + width)) if width > 1 else 0.0


__all__ = ["Codec", "detect"]
