"""Which part of a raw line is at fault, as spans of its text and as rich text."""

from collections.abc import Iterable, Sequence
from html import escape

from gui import theme

Span = tuple[int, int]
SHOWN = 4000  # characters of a line that the panel shows


def cell_spans(text: str, delimiter: str, quote: str | None, escaped: str | None) -> list[Span]:
    """Where each cell of one raw record stands, quotes included.

    Tolerant: a quote that never closes takes the rest, as the reader saw it.
    """
    spans: list[Span] = []
    start = at = 0
    inside = False
    while at < len(text):
        here = text[at]
        if escaped and here == escaped:
            at += 1
        elif inside:
            inside = here != quote
        elif here == quote and (at == start or text[at - 1] == quote):
            inside = True
        elif text.startswith(delimiter, at):
            spans.append((start, at))
            at += len(delimiter)
            start = at
            continue
        at += 1
    return [*spans, (start, len(text))]


def faults(
    spans: Sequence[Span], names: Sequence[str], fields: Iterable[str | None], codes: Iterable[str]
) -> list[Span]:
    """The spans to mark: the cells of these fields, surplus cells, or the end where cells lack."""
    wanted = set(fields)
    result = [span for span, name in zip(spans, names, strict=False) if name in wanted]
    for code in codes:
        if code == "extra-cell":
            result += spans[len(names) :]
        elif code == "missing-cell" and spans and len(spans) < len(names):
            result.append((spans[-1][1], spans[-1][1]))
        elif code == "unterminated-quote" and spans:
            result.append(spans[-1])
    return sorted(set(result))


def marked(text: str, spans: Sequence[Span]) -> str:
    """Rich text: the line in muted, its faults in problem on their soft fill."""
    t = theme.tokens()
    parts, at = [], 0

    def quiet(piece: str) -> str:
        return f"<span style='color:{t.muted}'>{_html(piece)}</span>"

    for start, stop in spans:
        if start < at or start > len(text):
            continue
        fault = text[start:stop] or "▏"
        style = f"background:{t.problemSoft};color:{t.problem}"
        parts += [quiet(text[at:start]), f"<span style='{style}'>{_html(fault)}</span>"]
        at = stop
    return "".join([*parts, quiet(text[at:])])


def _html(text: str) -> str:
    """Invisible characters are shown: what cannot be seen cannot be mended."""
    shown = text.replace("\r", "␍").replace("\t", "⇥").replace("\x00", "␀").replace("\ufffd", "�")
    return escape(shown).replace("\n", "⏎<br>").replace("  ", "&nbsp; ")
