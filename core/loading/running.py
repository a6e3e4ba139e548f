"""One run over a file, from its bytes into a collection.

Reading, checking with encoding, and sending overlap in three threads. A batch is: its documents
sent, its refused records kept, then the ledger told; each of the three may be repeated. So a load
that died goes on by reading from the start, with nothing sent for the batches the ledger has.
"""

import contextlib
import hashlib
import threading
import time
import zlib
from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from core.batch import Batch, LoadReport, RawBatch, Refused
from core.checking.aside import left_out
from core.checking.checker import Checker, tally
from core.errors import Busy, CoreError, FileChanged, StoreError
from core.loading.beside import beside
from core.loading.bookkeeping import accepted, kinds, limited, merged, summary
from core.loading.modes import Outcome, Prepared, open_mode, prepare, stand_on_shards
from core.loading.opening import Opened
from core.loading.pipeline import Line
from core.plural import counted
from core.reading.source import Source
from core.recipes.recipe import Recipe
from core.store import Store
from core.store.patience import Cancelled
from core.store.pulse import Pulse
from core.store.refusals import hold

NOTED = 5.0  # seconds between two words of progress in the ledger
SEALING = "All rows are in; the indexes are made"
LAST_WORD = 5.0  # seconds that a stopped load tries to say so
_OUTCOMES = ("accepted", "quarantined", "skipped", "inserted", "changed", "unchanged")


@dataclass(frozen=True, slots=True)
class _Checked:
    """A batch on its way to the server; `prepared` is None where the ledger has it already."""

    n: int
    batch: Batch
    mark: Mapping[str, Any]
    prepared: Prepared | None


@dataclass(frozen=True, slots=True)
class _Sent:
    """A batch that is where it belongs; `clashes` are refusals told by the ledger alone."""

    batch: Batch
    counts: Mapping[str, int]
    clashes: Sequence[Mapping[str, Any]]
    before: bool = False  # by an earlier run


class Run:
    """The work on a load that we hold."""

    def __init__(self, source: Source, recipe: Recipe, store: Store, opened: Opened) -> None:
        self._source = source
        self._recipe = recipe
        self._store = store
        self._opened = opened
        self._entry = opened.entry
        self._load = opened.entry.object_id
        self._patient = store.patience(threading.Event())
        lookup = store.lookup(opened.entry.database, lambda work: self._patient(work))
        self._checker = Checker(recipe, source.names, lookup=lookup, edits=opened.entry.edits)
        self._recorded: dict[int, Mapping[str, Any]] = {}
        self._totals: Counter[str] = Counter()  # by the sender
        self._batches = 0
        self._read = 0  # records, by the reader
        self._part = hashlib.sha256()  # of their bytes, where the load has a limit
        self._last: tuple[_Checked, Prepared, Outcome] | None = None
        self._tried = False  # whether anything was sent: else nothing is left to go on with
        self._begun = self._noted = time.monotonic()
        self._pulse = Pulse(partial(store.ledger.keep, self._load, opened.token, {}))

    def reports(self) -> Generator[LoadReport, None, None]:
        line = Line(self._numbered(), (self._check, self._send))
        self._patient = self._store.patience(line.stop)
        report = self._first_report()
        state, message = "failed", ""
        try:
            with self._pulse:
                yield report
                for after in self._worked(line, report):
                    report = after
                    yield report
                self._say_done(report)
            report, state = replace(report, state="done"), "done"
        except (GeneratorExit, KeyboardInterrupt, Cancelled):
            state = "stopped"
            raise
        except CoreError as error:
            message = str(error)
            raise
        finally:
            line.close()
            if state != "done":
                begun = self._tried or self._opened.resumed or self._entry.mode == "replace"
                self._give_up(report, state if begun else "undone", message)
        yield report

    def _worked(self, line: Line, report: LoadReport) -> Generator[LoadReport, None, None]:
        self._prepare()
        for _ in self._checker.survey(self._source):
            yield report
        for after in self._followed(line, report):
            report = after
            yield report
        yield from self._finished(report)

    def _first_report(self) -> LoadReport:
        return LoadReport(
            load=self._entry.id,
            file=self._source.path.name,
            encoding=self._recipe.dialect.encoding,
            dialect=self._recipe.dialect.to_descriptor(),
            warnings=(*self._source.warnings, *self._checker.warnings),
        )

    def _prepare(self) -> None:
        self._mode = open_mode(self._store, self._entry, self._recipe, self._patient)
        if self._opened.resumed:
            ledger = self._store.ledger
            self._recorded = self._patient(
                lambda: {batch["n"]: batch for batch in ledger.recorded(self._load)}
            )
            if self._opened.crashed and self._recorded:
                del self._recorded[max(self._recorded)]  # a crash may have taken its documents
        stand_on_shards(self._store, self._entry, self._recipe, self._patient)
        self._mode.prepare()

    def _followed(self, line: Line, report: LoadReport) -> Generator[LoadReport, None, None]:
        for sent in line.results():
            if sent is not None:
                report = self._counted(report, sent)
            else:  # nothing new: yet whoever waits may want to stop
                report = replace(report, problems=(), places=())
            report = replace(
                report, message=self._patient.message, seconds=time.monotonic() - self._begun
            )
            yield report

    # The three steps, each in a thread of its own

    def _numbered(self) -> Iterator[tuple[int, RawBatch]]:
        limit = self._entry.limit
        for n, raw in enumerate(limited(self._source.batches(), limit)):
            self._read += raw.count
            if limit is not None:
                self._part.update(raw.data)
            yield n, raw

    def _check(self, piece: tuple[int, RawBatch]) -> _Checked:
        n, raw = piece
        mark = {
            "first": raw.place.record,
            "count": raw.count,
            "offset": raw.place.offset,
            "crc": zlib.crc32(raw.data),
        }
        known = self._recorded.get(n)
        if known is not None and any(known[key] != value for key, value in mark.items()):
            raise FileChanged(
                f"{self._source.path.name} is not the file that was half loaded: it differs from "
                f"record {raw.place.record} on.",
                "Undo that load, or load this file as a new one (--again).",
            )
        batch = self._checker.check(raw)
        ready = prepare(self._entry, self._recipe, n, batch) if known is None else None
        return _Checked(n, batch, mark, ready)

    def _send(self, checked: _Checked) -> _Sent:
        if checked.prepared is None:
            known = self._recorded[checked.n]
            sent = _Sent(checked.batch, known["counts"], known["refusals"], before=True)
        else:
            self._note_progress()
            sent = self._bring(checked, checked.prepared)
        self._batches += 1
        self._totals.update(sent.counts)
        return sent

    def _bring(self, checked: _Checked, prepared: Prepared) -> _Sent:
        self._tried = True
        outcome = self._mode.put(prepared)
        self._last = (checked, prepared, outcome)
        batch = replace(checked.batch, refused=merged(checked.batch.refused, outcome.refused))
        held = self._patient(lambda: self._hold(batch.refused)) if batch.refused else 0
        counts = {
            "records": batch.raw.count,
            "blank": batch.raw.blank,
            "accepted": outcome.inserted + outcome.changed + outcome.unchanged,
            "quarantined": held,
            "skipped": outcome.skipped,
            "inserted": outcome.inserted,
            "changed": outcome.changed,
            "unchanged": outcome.unchanged,
        }
        if sum(counts[word] for word in _OUTCOMES[:3]) != batch.raw.count:
            raise StoreError(f"Batch {checked.n} does not add up: {counts}.", "Please report this.")
        told = {
            **checked.mark,
            "counts": counts,
            "refusals": summary(outcome.refused),
            "kinds": kinds(batch.raw, batch.refused),
            **accepted(prepared, outcome),
        }
        ledger = self._store.ledger
        self._patient(lambda: ledger.record_batch(self._load, checked.n, told))
        return _Sent(batch, counts, ())

    def _hold(self, refused: Sequence[Refused]) -> int:
        entry = self._entry
        encoding = self._source.encoding
        return hold(
            self._store.ledger, self._load, entry.database, entry.collection, refused, encoding
        )

    def _note_progress(self) -> None:
        """Raises Busy where another has taken the load over."""
        self._pulse.check()
        if time.monotonic() - self._noted < NOTED:
            return
        told = {"counts": dict(self._totals), "batches": self._batches}
        self._patient(lambda: self._store.ledger.keep(self._load, self._opened.token, told))
        self._noted = time.monotonic()

    # What the reader of the reports sees

    def _counted(self, report: LoadReport, sent: _Sent) -> LoadReport:
        report = tally(report, sent.batch)
        reasons, cells = Counter(report.reasons), Counter(report.cells)
        for clash in sent.clashes:
            reasons[clash["code"]] += clash["n"]
            cells[clash["field"], clash["code"], clash["rule"]] += clash["n"]
        counts = {word: getattr(report, word) + sent.counts[word] for word in _OUTCOMES}
        resumed = report.resumed + (sent.counts["records"] if sent.before else 0)
        return replace(report, reasons=dict(reasons), cells=dict(cells), resumed=resumed, **counts)

    def _finished(self, report: LoadReport) -> Generator[LoadReport, None, None]:
        """What comes after the last batch, with a report now and then and as it is at last."""
        if report.records != self._read:
            raise StoreError(
                f"{counted(self._read, 'record')} read and {report.records:,} accounted for.",
                "Please report this.",
            )
        self._check_last()
        report = replace(report, problems=(), places=(), fraction=1.0)
        for work, leave in ((self._mode.seal, True), (self._mode.finish, False)):
            for _ in beside(work, leave=leave):
                self._pulse.check()
                message = self._patient.message or SEALING
                yield replace(report, message=message, seconds=time.monotonic() - self._begun)
        yield replace(
            report,
            message="",
            warnings=(*self._source.warnings, *self._checker.warnings),
            notes=left_out(self._source),
            sha256=None if self._entry.limit is not None else self._source.sha256,
            seconds=time.monotonic() - self._begun,
        )

    def _say_done(self, report: LoadReport) -> None:
        """The ledger says so before anyone else does."""
        changes = self._last_word(report)
        ledger, token = self._store.ledger, self._opened.token
        if not self._patient(lambda: ledger.end(self._load, token, "done", changes)):
            raise Busy("Another window or command has taken over this load.", "Watch it there.")

    def _check_last(self) -> None:
        """A server whose disk is full may have lost what it acknowledged last."""
        if self._last is not None:
            checked, prepared, outcome = self._last
            if self._mode.lost(prepared, outcome):
                self._bring(checked, prepared)

    def _give_up(self, report: LoadReport, state: str, message: str) -> None:
        """The server may be why it ends: then the load stays as it is, and its hold runs out."""
        changes = {**self._last_word(report), "message": message}
        patient = self._store.patience(threading.Event(), LAST_WORD)
        ledger, token = self._store.ledger, self._opened.token
        with contextlib.suppress(CoreError):
            patient(lambda: ledger.end(self._load, token, state, changes))

    def _last_word(self, report: LoadReport) -> dict[str, Any]:
        return {
            "counts": dict(self._totals),
            "reasons": dict(report.reasons),
            "kinds": [
                {"field": field, "code": code, "rule": rule, "n": n}
                for (field, code, rule), n in report.cells.items()
            ],
            "batches": self._batches,
            "seconds": time.monotonic() - self._begun,
            "ended": self._store.now(),
            "source.sha256": report.sha256,
            "source.part": self._part.hexdigest() if self._entry.limit is not None else None,
        }
