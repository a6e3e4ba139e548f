"""What dialect a file is written in, told from a bounded sample, with its evidence."""

import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from core.errors import FileError
from core.reading.charsets import charset_of
from core.reading.conventions import Conventions, conventions_of, date_order
from core.reading.delimiters import best_reading
from core.reading.dialect import Detection, Dialect, Evidence
from core.reading.encoding import Codec
from core.reading.files import locate
from core.reading.headers import Layout, layout_of
from core.reading.misfits import refuse_misfit
from core.reading.readings import Reading
from core.reading.unpacking import Bytes

SAMPLE = 1 << 19
SETTLED = 64 << 20  # is searched for a date that settles day and month; learning sees the rest
_SEPARATOR = re.compile(rb'"?sep=([^\r\n"]{1,4}?)"?\r?\n', re.IGNORECASE)
_TELLING = re.compile(rb"(?<![\d/.-])(\d{1,2})([/-])(\d{1,2})\2(?:\d{4}|\d\d)(?![\d/-])")
_DECISIVE = ("encoding", "delimiter", "quote_char", "header")


def detect(path: Path | str, **overrides: Any) -> Detection:
    """What is overridden is taken as told, and the rest found in its light.

    Raises FileError for what is missing, empty, unreadable or no text; RecipeError for an
    override that no dialect can have.
    """
    told = Dialect().replace(**overrides)
    found = locate(path)
    with closing(Bytes(found)) as stream:
        sample = stream.read(SAMPLE)
        whole = len(sample) < SAMPLE
    if not sample:
        raise FileError(f"{path} is empty.", "Choose a file with a header and rows.")
    encoding = _encoding(sample, whole, str(path), told, overrides)
    codec = Codec(encoding.value, told.line_terminator, sample)
    refuse_misfit(sample, codec, path)
    text = _text(sample, whole, codec)
    if not text:
        raise FileError(
            f"{path} is empty but for a byte order mark.", "Choose a file with a header and rows."
        )
    if not text.strip():
        raise FileError(f"{path} holds blank lines only.", "Choose a file with rows.")
    evidence = [encoding, _line_ends(text)]
    base, skipped, fixed = _sep_line(text, told.replace(encoding=encoding.value), overrides)
    body = text[skipped:]
    reading, found_evidence = best_reading(body, fixed, base, 1 if skipped else 0)
    layout = layout_of(reading, whole, fixed)
    conventions = conventions_of(cell for row in layout.data for cell in row)
    conventions = _settled(found, conventions, fixed)
    dialect = _dialect(reading, layout, conventions, fixed, skipped > 0)
    evidence += [*found_evidence, *layout.evidence, *conventions.evidence]
    return _detection(dialect, evidence, [*layout.questions, *conventions.questions], overrides)


def _encoding(
    sample: bytes, whole: bool, path: str, told: Dialect, overrides: Mapping[str, Any]
) -> Evidence:
    if "encoding" in overrides:
        return Evidence("encoding", told.encoding, 1.0, "as told")
    charset = charset_of(sample, whole, path)
    return Evidence("encoding", charset.name, charset.confidence, charset.because)


def _text(sample: bytes, whole: bool, codec: Codec) -> bytes:
    body = sample[codec.mark :]
    stops = codec.stops(body, whole)
    if len(stops):
        body = body[: int(stops[-1])]
    else:
        stops = codec.stops(body, True)
    return codec.transcode(body, stops)[0]


def _line_ends(text: bytes) -> Evidence:
    pairs = text.count(b"\r\n")
    counts = {
        "CRLF": pairs,
        "LF": text.count(b"\n") - pairs,
        "CR": text.count(b"\r") - pairs,
    }
    seen = {name: count for name, count in counts.items() if count}
    if len(seen) <= 1:
        return Evidence("line_terminator", None, 1.0, f"lines end in {next(iter(seen), 'nothing')}")
    because = "lines end in " + ", ".join(f"{name} ({count:,})" for name, count in seen.items())
    return Evidence("line_terminator", None, 0.8, because)


def _sep_line(
    text: bytes, told: Dialect, overrides: Mapping[str, Any]
) -> tuple[Dialect, int, dict[str, Any]]:
    """Excel's first line `sep=;` settles the delimiter."""
    match = _SEPARATOR.match(text)
    if match is None:
        return told, 0, dict(overrides)
    fixed = {"delimiter": match[1].decode("utf-8", "replace"), **overrides}
    return told.replace(delimiter=fixed["delimiter"]), match.end(), fixed


def _settled(path: Path, found: Conventions, fixed: Mapping[str, Any]) -> Conventions:
    """Searches the rest of the file where the sample leaves day and month open."""
    if "date_order" not in found.questions or fixed.get("date_order"):
        return found
    dates = [_parts(match) for match in _telling_dates(path)]
    order, evidence, questions = date_order(dates)
    if order is None:
        return found
    rest = tuple(e for e in found.evidence if e.key != "date_order")
    others = tuple(q for q in found.questions if q != "date_order")
    return Conventions(
        found.changes | {"date_order": order}, (*rest, *evidence), (*others, *questions)
    )


def _parts(match: re.Match[bytes]) -> tuple[str, str, str, str]:
    return match[1].decode(), match[3].decode(), match[2].decode(), ""


def _telling_dates(path: Path) -> Iterator[re.Match[bytes]]:
    """The first date in the first SETTLED bytes whose day is beyond 12."""
    with closing(Bytes(path)) as stream:
        done, held = 0, b""
        while part := stream.read(min(1 << 20, SETTLED - done)):
            for match in _TELLING.finditer(held + part.replace(b"\0", b"")):
                if (int(match[1]) > 12) != (int(match[3]) > 12):
                    yield match
                    return
            held, done = part[-12:].replace(b"\0", b""), done + len(part)


def _dialect(
    reading: Reading,
    layout: Layout,
    conventions: Conventions,
    fixed: Mapping[str, Any],
    sep_line: bool,
) -> Dialect:
    changes = {**layout.changes, **conventions.changes}
    if sep_line:
        for key in ("header_rows", "comment_rows"):
            changes[key] = tuple(n + 1 for n in changes.get(key, ()))
        if not changes.get("header", fixed.get("header", True)):
            changes["comment_rows"] = (1, *changes["comment_rows"])
        changes = {k: v for k, v in changes.items() if v != () or k != "header_rows"}
    changes |= fixed
    decimal = changes.get("decimal_char", ".")
    if changes.get("group_char") == decimal:
        changes["group_char"] = None
    return reading.dialect.replace(**changes)


def _detection(
    dialect: Dialect, evidence: list[Evidence], questions: list[str], overrides: Mapping[str, Any]
) -> Detection:
    evidence = [
        Evidence(e.key, getattr(dialect, e.key), 1.0, "as told")
        if e.key in overrides and not e.because.startswith("as told")
        else e
        for e in evidence
    ]
    decisive = [e for e in evidence if e.key in _DECISIVE]
    asked = [q for q in questions if q not in overrides]
    asked += [e.key for e in decisive if e.confidence < 0.6]
    return Detection(
        dialect,
        tuple(evidence),
        min((e.confidence for e in decisive), default=1.0),
        tuple(dict.fromkeys(asked)),
    )
