"""Loading a file: as a new load, as one to go on with, or not at all because it is done."""

import threading
from collections.abc import Generator
from pathlib import Path

from core.batch import LoadReport
from core.checking.checker import Checker
from core.errors import RecipeError
from core.loading.modes import check_place, check_target
from core.loading.opening import Edits, open_load
from core.loading.rehearsing import rehearse
from core.loading.running import Run
from core.reading.files import expect_checked
from core.reading.source import Source
from core.recipes.recipe import Recipe, infer
from core.recipes.settled import document_fields
from core.store import LoadEntry, Store

OPENING = 30.0  # seconds that a server may take before anything is written


def load_file(
    path: Path | str,
    recipe: Recipe | None,
    store: Store,
    *,
    resume: bool = False,
    again: bool = False,
    edits: Edits | None = None,
    limit: int | None = None,
    dry_run: bool = False,
    checked: LoadReport | None = None,
) -> Generator[LoadReport, None, None]:
    """Load a file and yield the report so far; closing the generator stops the load, resumable.

    `recipe` None is inferred; it must name a collection. `limit` takes the first records only;
    `dry_run` says what the load would do and writes nothing. `checked` is the last report of a
    check that was looked at: a file that is another by now raises FileChanged.
    Raises FileError, RecipeError, StoreError, LoadError; the ledger then says failed.
    """
    recipe = recipe or infer(path)
    if limit is not None and limit < 1:
        raise RecipeError(f"A load of {limit} records makes no sense.", "Give 1 or more.")
    check_target(recipe)
    check_place(store.database, recipe.collection)
    source = Source(path, recipe.dialect)
    if checked is not None and checked.stamp is not None and checked.sha256 is not None:
        expect_checked(source.path, checked.stamp, checked.sha256)
    recipe = Checker(recipe, source.names, edits=edits).recipe  # raises before a byte is written
    check_target(recipe)  # with the columns that the schema leaves open
    own_ids = "_id" in (field.key for field in document_fields(recipe))
    lineage = "_load" if own_ids else "_id"
    if dry_run:
        yield from rehearse(source, recipe, store, lineage, edits, limit)
        return
    store.guard()
    patient = store.patience(threading.Event(), OPENING)
    opened = open_load(
        source,
        recipe,
        store,
        patient,
        resume=resume,
        again=again,
        edits=edits,
        limit=limit,
        new={"lineage": lineage},
    )
    if not opened.token:
        yield _known(opened.entry, source)
        return
    try:
        if opened.resumed:
            recipe = Recipe.from_descriptor(dict(opened.entry.recipe))
            source = Source(path, recipe.dialect)
        yield from Run(source, recipe, store, opened).reports()
    finally:
        store.ledger.let_go(opened.token)


def _known(entry: LoadEntry, source: Source) -> LoadReport:
    when = f"{entry.started:%Y-%m-%d %H:%M}" if entry.started else "before"
    n = entry.quarantined
    held = f", which held {n:,} row{'s' if n > 1 else ''}" if n else ""
    return LoadReport(
        load=entry.id,
        file=source.path.name,
        state="already-loaded",
        sha256=entry.sha256,
        message=f"Loaded {when} as load {entry.id}{held}; --again loads it as new.",
        fraction=1.0,
    )
