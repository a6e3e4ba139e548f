"""Reports as the command line prints them: JSON for programs, one sentence for people."""

import sys
import time
from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any

from core.batch import LoadReport
from core.errors import CoreError
from core.plural import counted

if TYPE_CHECKING:  # a command loads only what it needs
    from core.recipes.recipe import Recipe

MOST = 5  # names in a sentence
_NUMBERS = {
    "decimal128": "Decimal128, each digit kept",
    "double": 'double, about 16 digits kept; "bson": "decimal128" in a recipe keeps each',
}


def json_report(report: LoadReport) -> dict[str, Any]:
    """The keys that scripts rely on; `load` is null for a check."""
    return {
        "load": report.load,
        "file": report.file,
        "sha256": report.sha256,
        "encoding": report.encoding,
        "dialect": dict(report.dialect),
        "records": report.records,
        "accepted": report.accepted,
        "quarantined": report.quarantined,
        "skipped": report.skipped,
        "blank": report.blank,
        "reasons": dict(report.reasons),
        "inserted": report.inserted,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "warnings": list(report.warnings),
        "notes": list(report.notes),
        "seconds": round(report.seconds, 3),
        "state": report.state,
        "error": report.message if report.state == "failed" else None,
    }


def json_failure(file: str, error: CoreError) -> dict[str, Any]:
    """The same keys for a file of which nothing is told but why: null is what is not known."""
    unknown = dict.fromkeys(json_report(LoadReport(None, file)))
    known = {"file": file, "state": "failed", "error": str(error)}
    return unknown | known | {"types": None, "detected": None}


def types(recipe: "Recipe") -> dict[str, str]:
    """The BSON type of each field of a document."""
    from core.recipes.settled import document_fields

    return {field.key: field.kind for field in document_fields(recipe)}


def stored(recipe: "Recipe") -> Iterator[str]:
    """How numbers with decimals are kept: money wants each digit."""
    numbers = [field for field in recipe.schema.fields if field.type == "number" and not field.drop]
    for kind, told in _NUMBERS.items():
        if names := [f"“{field.name}”" for field in numbers if field.kind == kind]:
            more = f" and {len(names) - MOST:,} more" if len(names) > MOST else ""
            yield f"{', '.join(names[:MOST])}{more}: stored as {told}."


def sentence(report: LoadReport, dry: bool = False) -> str:
    """What happened to one file, warnings first; `dry`: what would."""
    told = (*report.warnings, *report.notes)
    head = "".join(f"{report.file}: {sentence}\n" for sentence in told)
    if report.state == "already-loaded":
        return (
            f"{head}{report.file}: {report.message or 'already loaded; --again loads it as new.'}"
        )
    if dry:
        would = f"would insert {report.inserted:,}, change {report.changed:,}"
        would += f", leave {report.unchanged:,}, skip {report.skipped:,}"
        would += f", refuse {report.quarantined:,}{_why(report)}"
        return f"{head}{report.file}: {counted(report.records, 'record')}: {would}; nothing written"
    if report.state == "returned":
        return f"{head}{report.file}: {report.message}"
    verb = "checked" if report.load is None else "loaded"
    parts = [f"{report.accepted:,} {'good' if report.load is None else verb}"]
    if report.changed or report.unchanged:
        parts[0] += f" ({report.inserted:,} new, {report.changed:,} changed, "
        parts[0] += f"{report.unchanged:,} as before)"
    if report.quarantined:
        parts.append(f"{report.quarantined:,} {'refused' if report.load is None else 'held'}")
    if report.skipped:
        parts.append(f"{report.skipped:,} skipped")
    tail = _why(report)
    if report.state in ("stopped", "failed"):
        tail += f"; {report.state}: {report.message or 'go on with --resume'}"
    counts = f"{counted(report.records, 'record')}, {', '.join(parts)}{tail}"
    return f"{head}{report.file}: {counts}, {report.seconds:.1f} s"


def _why(report: LoadReport) -> str:
    why = ", ".join(f"{code} {n:,}" for code, n in sorted(report.reasons.items()))
    return f" ({why})" if why else ""


class Progress:
    """One line on stderr, rewritten; nothing where stderr is no terminal."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.shown = 0.0
        self.terminal = sys.stderr.isatty()

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if self.terminal and self.shown:
            print("\r\033[K", end="", file=sys.stderr, flush=True)

    def show(self, report: LoadReport) -> None:
        now = time.monotonic()
        if not self.terminal or now - self.shown < 0.1:
            return
        self.shown = now
        rate = report.records / report.seconds if report.seconds else 0
        left = report.seconds * (1 - report.fraction) / report.fraction if report.fraction else 0
        text = report.message or f"{rate:,.0f} rows/s, {left:.0f} s left"
        line = f"{self.name}: {report.fraction:4.0%}  {counted(report.records, 'record')}  {text}"
        print(f"\r\033[K{line}", end="", file=sys.stderr, flush=True)
