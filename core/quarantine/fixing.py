"""Fixes of many held records at once, each known by its deed, by which it is taken back."""

from collections.abc import Generator, Iterator, Sequence

from core.quarantine.editing import Kind
from core.quarantine.lasting import MISFIT
from core.quarantine.passing import Revalidation, answer, revalidate
from core.quarantine.walking import pages
from core.recipes.recipe import LEAVE_EMPTY, LEAVE_OUT, Recipe
from core.store import Store
from core.store.changes import Change
from core.store.held import HeldRecord
from core.store.lease import user
from core.store.records import MISSING, SURPLUS, values_of
from core.store.sought import object_id


def fix_similar(
    store: Store, load: str, kind: Kind, recipe: Recipe, deed: str = ""
) -> Generator[Revalidation, None, None]:
    """Mend what a fixed recipe (`Fix.recipe`) mends among the records held for one kind."""
    code, field, rule = kind
    if code in MISFIT and _answers(recipe)[MISFIT[code]]:
        yield from answer(store, MISFIT[code], load, deed=deed)  # also of rows that were edited
    else:
        yield from revalidate(store, load, recipe, field=field, reason=code, rule=rule, deed=deed)


def unfix(store: Store, load: str, kind: Kind, deed: str) -> Generator[Revalidation, None, None]:
    """Take a fix back from the records that are still held as it left them; others count as busy.

    Harmless to repeat; stopped, the rest stays fixed.
    """
    code, field, _ = kind
    report = Revalidation(store.quarantine.count(load, reason=code, field=field))
    yield report
    for records in pages(store, None, load=load, reason=code, field=field):
        fixed = [one for one in records if one.fix.get("deed") == deed]
        made = store.quarantine.changes.apply(list(_before(store, fixed)))
        report = report.after(len(records), 0, made, len(fixed))
        yield report


def _before(store: Store, records: Sequence[HeldRecord]) -> Iterator[Change]:
    noted = {"at": store.quarantine.changes.now(), "by": user()}
    for one in records:
        if one.version != one.fix["version"]:
            continue
        shape = one.fix["shape"]
        words = [
            {"field": None, "shape": what, "old": said, "new": shape.get(what), **noted}
            for what, said in one.shape.items()
            if shape.get(what) != said
        ]
        values = values_of(one.fix["values"]) if "values" in one.fix else None
        yield Change(
            object_id(one.id),
            one.version,
            one.fix["reasons"],
            values,
            words,
            one.fix["recipe"],
            shape,
            {},
        )


def _answers(recipe: Recipe) -> dict[str, bool]:
    """Whether a recipe has one word for all rows of that shape."""
    return {
        SURPLUS: recipe.extra_cells == LEAVE_OUT,
        MISSING: recipe.missing_cells == LEAVE_EMPTY,
    }
