"""What a load would do, found out by looking: nothing is written, not even to the ledger.

What other records of the same file would clash with, and what a validator or a document's size
would refuse, only the load itself tells.
"""

import threading
import time
from collections.abc import Generator
from dataclasses import replace

from core.batch import LoadReport
from core.checking.aside import left_out
from core.checking.checker import Checker, tally
from core.documents.lineage import new_load
from core.loading.bookkeeping import limited, merged
from core.loading.modes import foreseeing, prepare
from core.loading.opening import Edits
from core.reading.source import Source
from core.recipes.recipe import Recipe
from core.store import LoadEntry, Store


def rehearse(
    source: Source,
    recipe: Recipe,
    store: Store,
    lineage: str,
    edits: Edits | None,
    limit: int | None,
) -> Generator[LoadReport, None, None]:
    """Reports as of a load, with `load` None."""
    begun = time.monotonic()
    patient = store.patience(threading.Event(), 0.0)
    lookup = store.lookup(store.database, patient)
    checker = Checker(recipe, source.names, lookup=lookup, edits=edits)
    entry = _draft(source, recipe, store, lineage)
    mode = foreseeing(store, entry, recipe, patient)
    report = LoadReport(
        load=None,
        file=source.path.name,
        encoding=recipe.dialect.encoding,
        dialect=recipe.dialect.to_descriptor(),
        warnings=(*source.warnings, *checker.warnings),
    )
    yield report
    for _ in checker.survey(source):
        yield report
    for n, raw in enumerate(limited(source.batches(), limit)):
        batch = checker.check(raw)
        outcome = mode.foresee(prepare(entry, recipe, n, batch))
        batch = replace(batch, refused=merged(batch.refused, outcome.refused))
        report = replace(
            tally(report, batch),
            accepted=report.accepted + outcome.inserted + outcome.changed + outcome.unchanged,
            inserted=report.inserted + outcome.inserted,
            changed=report.changed + outcome.changed,
            unchanged=report.unchanged + outcome.unchanged,
            skipped=report.skipped + outcome.skipped,
            quarantined=report.quarantined + len(batch.refused),
            seconds=time.monotonic() - begun,
        )
        yield report
    yield replace(
        report,
        state="done",
        warnings=(*source.warnings, *checker.warnings),
        notes=left_out(source),
        sha256=source.sha256,
        problems=(),
        places=(),
        fraction=1.0,
        seconds=time.monotonic() - begun,
    )


def _draft(source: Source, recipe: Recipe, store: Store, lineage: str) -> LoadEntry:
    return LoadEntry(
        id=str(new_load()),
        name=source.path.name,
        path=str(source.path),
        size=source.size,
        database=store.database,
        collection=recipe.collection,
        mode=recipe.mode,
        state="draft",
        lineage=lineage,
    )
