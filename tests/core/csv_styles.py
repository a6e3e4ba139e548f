"""How programs write a table: delimiter, quotes, line ends, what stands before it."""

import random
from dataclasses import dataclass

from core.reading.dialect import Dialect
from tests.core.csv_tables import Table


@dataclass(frozen=True)
class Style:
    """How a program writes a table."""

    delimiter: str = ","
    quote: str | None = '"'
    quoting: str = "minimal"  # minimal, text (every cell that is no number), all
    escape: str | None = None
    end: str = "\r\n"
    space: bool = False
    header: bool = True
    null: str = ""
    before: tuple[str, ...] = ()
    units: bool = False
    last_end: bool = True
    comments: bool = False


def render(luck: random.Random, style: Style, data: Table, encoding: str) -> tuple[str, Dialect]:
    lines = list(style.before)
    if style.header:
        lines.append(_line(style, data.labels, header=True))
    if style.units:
        lines.append(style.delimiter.join(f"({u})" for u in units(data)))
    for row in data.rows:
        if style.comments and luck.random() < 0.1:
            lines.append(f"# {luck.choice(['paused', 'calibrated again', 'operator changed'])}")
        lines.append(_line(style, row, header=False))
    text = style.end.join(lines) + (style.end if style.last_end else "")
    first = len(style.before) + 1
    dialect = Dialect(
        encoding=encoding,
        delimiter=style.delimiter,
        quote_char=style.quote,
        escape_char=style.escape,
        double_quote=style.escape is None,
        header=style.header,
        header_rows=(first, first + 1) if style.units else (first,),
        skip_initial_space=style.space,
        comment_char="#" if style.comments else None,
    )
    return text, dialect


def units(data: Table) -> list[str]:
    names = {"number": "mm", "count": "pcs", "date": "local", "time": "h"}
    return [names.get(kind, "text") for kind in data.kinds]


def _line(style: Style, row: tuple[str | None, ...], header: bool) -> str:
    join = style.delimiter + (" " if style.space else "")
    return join.join(_written(style, cell, header) for cell in row)


def _written(style: Style, cell: str | None, header: bool) -> str:
    if cell is None:
        return style.null
    quote, escape = style.quote, style.escape
    special = any(c in cell for c in (style.delimiter, "\n", "\r", quote or "\n"))
    wanted = style.quoting == "all" or (
        style.quoting == "text" and not cell.replace(".", "").replace("-", "").isdigit()
    )
    if escape is not None:
        cell = cell.replace(escape, escape * 2)
        if quote is None:
            for c in (style.delimiter, "\n"):
                cell = cell.replace(c, escape + c)
            return cell
        cell = cell.replace(quote, escape + quote)
    elif quote is not None:
        cell = cell.replace(quote, quote * 2)
    return f"{quote}{cell}{quote}" if quote is not None and (special or wanted) else cell
