"""The report's HTML by sections; everything that comes from outside goes through `shown`."""

from collections.abc import Iterable
from datetime import datetime
from importlib import resources

from core.plural import counted
from core.reasons import reason_words
from core.report import recipe as columns
from core.report.facts import Facts
from core.report.text import raw, shown
from core.store.held import HeldRecord, Reason

MODES = {
    "add": "Add rows",
    "update": "Add or update by key",
    "skip": "Add new, skip known keys",
    "replace": "Replace all",
}
STATES = {
    "held": "wait in quarantine",
    "resubmitted": "were mended and resubmitted",
    "discarded": "were given up",
}
KINDS = 200  # lines of reasons
EDITS = 50  # cells edited by hand that are listed


def page(facts: Facts) -> str:
    entry = facts.entry
    style = resources.files("core.report").joinpath("report.css").read_text("utf-8")
    sections = "".join(section(facts) for section in SECTIONS)
    made = f"Written {_time(facts.made)} by Sluice {shown(entry.version)} · load {shown(entry.id)}"
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Load report: {shown(entry.name)}</title>
<style>{style}</style></head>
<body><main>{sections}<footer>{made}</footer></main></body></html>
"""


def _head(facts: Facts) -> str:
    entry = facts.entry
    state = f"<span class='state {shown(entry.state)}'>{shown(entry.state)}</span>"
    where = f"{shown(entry.database)} ▸ {shown(entry.collection)}"
    why = f"<p class=why>{shown(entry.message, 600)}</p>" if entry.message else ""
    return (
        f"<header><p class=over>Load report</p><h1>{shown(entry.name)} {state}</h1>"
        f"<p class=into>into <b>{where}</b> on {shown(facts.server)}</p>"
        f"{why if entry.state != 'done' else ''}</header>"
    )


def _figures(facts: Facts) -> str:
    entry = facts.entry
    figures = [
        ("records", "rows read", entry.records),
        ("accepted", "loaded", entry.accepted),
        ("quarantined", "held", entry.quarantined),
        ("skipped", "known already", entry.skipped),
    ]
    tiles = "".join(
        f"<div class='tile {name}'><b>{count:,}</b><span>{words}</span></div>"
        for name, words, count in figures
        if count or name in ("records", "accepted", "quarantined")
    )
    parts = "".join(
        f"<div class={name} style='flex-grow:{count}'></div>"
        for name, _, count in figures[1:]
        if count
    )
    since = ", ".join(f"{n:,} {STATES[state]}" for state, n in facts.states.items())
    told = f"<p class=small>Of the rows held, {since}.</p>" if facts.states else ""
    return f"<section class=tiles>{tiles}</section><div class=bar>{parts}</div>{told}"


def _facts(facts: Facts) -> str:
    entry = facts.entry
    rate = f" · {entry.records / entry.seconds:,.0f} rows/s" if entry.seconds else ""
    limit = f" · only the first {counted(entry.limit, 'row')}" if entry.limit is not None else ""
    told = [
        ("File", shown(entry.path, 400)),
        ("Size", counted(entry.size, "byte")),
        ("SHA-256", f"<code>{shown(entry.sha256 or '–')}</code>"),
        ("Read as", f"<code>{shown(facts.recipe.dialect.summary())}</code>"),
        ("Mode", shown(MODES.get(entry.mode, entry.mode)) + limit),
        ("Started", _time(entry.started)),
        ("Ended", _time(entry.ended)),
        ("Time", f"{entry.seconds:,.1f} s{rate}"),
        ("By", shown(entry.by)),
    ]
    if blank := entry.counts.get("blank", 0):
        told.append(("Blank lines", f"{blank:,}, not counted as rows"))
    return f"<section><h2>The load</h2>{_pairs(told)}</section>"


def _reasons(facts: Facts) -> str:
    if not facts.kinds:
        return ""
    most, rows = max(facts.kinds.values()), []
    for (code, field, rule), count in list(facts.kinds.items())[:KINDS]:
        name = f"<b>{shown(field)}</b>" if field is not None else "<span class=small>row</span>"
        rows.append(
            f"<tr><td>{name}</td><td>{shown(reason_words(code, rule))}</td>"
            f"<td class=number>{count:,}</td><td class=meter>"
            f"<div style='width:{100 * count / most:.1f}%'></div></td></tr>"
        )
    more = len(facts.kinds) - KINDS
    said = f"<p class=small>and {more:,} rarer reasons</p>" if more > 0 else ""
    return _table("Why rows were held", ("Column", "Reason", "Cells", ""), rows, "reasons") + said


def _sample(facts: Facts) -> str:
    if not facts.sample:
        return ""
    encoding = facts.recipe.dialect.encoding
    rows = [_record(one, encoding) for one in facts.sample]
    total = sum(facts.states.values())
    title = "The rows held" if total <= len(rows) else f"The first {len(rows):,} of {total:,} held"
    return _table(title, ("Line", "Why, and the row as it stands in the file"), rows, "held")


def _record(record: HeldRecord, encoding: str) -> str:
    reasons = "".join(f"<li>{_reason(reason)}</li>" for reason in record.was[:20])
    state = "" if record.state == "held" else f" <em>{shown(record.state)}</em>"
    text = (
        "longer than a megabyte"
        if record.raw is None
        else raw(record.raw, record.encoding or encoding)
    )
    return (
        f"<tr><td class=number>{record.line:,}{state}</td>"
        f"<td><ul>{reasons}</ul><pre dir=ltr>{text}</pre></td></tr>"
    )


def _reason(reason: Reason) -> str:
    field = f"<b>{shown(reason.field)}</b> " if reason.field is not None else ""
    return field + shown(reason.message, 400)


def _edits(facts: Facts) -> str:
    cells = [
        f"<tr><td class=number>{record:,}</td><td><b>{shown(name)}</b></td>"
        f"<td>{shown(text)}</td></tr>"
        for record, values in facts.entry.edits.items()
        for name, text in values.items()
    ]
    if not cells:
        return ""
    title = f"Cells edited by hand: {len(cells):,}"
    if len(cells) > EDITS:
        title += f", the first {EDITS} here"
    return _table(title, ("Row", "Column", "Typed"), cells[:EDITS], "edits")


def _recipe(facts: Facts) -> str:
    told = facts.recipe
    head = ("Column", "Type", "Must be", "Cleaning")
    name = f"How it was checked: {shown(told.name)}"
    rows = [columns.columns(told)]
    return _table(name, head, rows, "recipe", _pairs(columns.whole(told)))


def _table(title: str, head: Iterable[str], rows: list[str], kind: str, before: str = "") -> str:
    """`title` and `before` are HTML."""
    names = "".join(f"<th>{name}</th>" for name in head)
    return (
        f"<section><h2>{title}</h2>{before}<table class={kind}>"
        f"<thead><tr>{names}</tr></thead><tbody>{''.join(rows)}</tbody></table></section>"
    )


def _pairs(pairs: Iterable[tuple[str, str]]) -> str:
    told = "".join(f"<dt>{name}</dt><dd>{words}</dd>" for name, words in pairs)
    return f"<dl>{told}</dl>" if told else ""


def _time(at: datetime | None) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M:%S %Z").strip() if at is not None else "–"


SECTIONS = (_head, _figures, _facts, _reasons, _sample, _edits, _recipe)
