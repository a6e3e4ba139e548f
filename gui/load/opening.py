"""From a path to what the page shows first: dialect, recipe, column names and the first page."""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.batch import RawBatch
from core.errors import RecipeError
from core.plural import counted
from core.reading.dialect import Detection, Dialect
from core.reading.source import Source, detect
from core.recipes.drift import adapted as fit
from core.recipes.drift import closest, drift
from core.recipes.inference import Inferred
from core.recipes.naming import renamed
from core.recipes.recipe import Recipe, find_beside, infer, learn_in
from gui.load.pages import Page, check_page
from gui.load.state import Near, Work

if TYPE_CHECKING:
    from core.quarantine.returning import Returned

_NAMED = {
    "quote_char": "quotes",
    "decimal_char": "decimal mark",
    "date_order": "order of day and month",
    "footer_rows": "last lines",
    "comment_char": "comments",
}
ENOUGH = 16  # blocks of about a megabyte from which types are learned; the check reads all


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """`page` is None for a file with a header and nothing else; `settled` is False while the types
    are known from the first rows only. `inferred` tells why a column has its type; `home` is the
    load that held the rows, the newest of several."""

    work: Work
    names: tuple[str, ...]
    page: Page | None
    settled: bool = True
    notes: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    inferred: Inferred | None = None
    home: str = ""
    near: Near | None = None


def open_file(
    path: Path, work: Work | None = None, known: Iterable[Path] = (), store: Any = None
) -> Generator[Opened, None, None]:
    """`work` is what was decided before; else a recipe beside the file, then that of the load whose
    held rows the file brings back from `store`, then one of `known` whose columns are the file's,
    then what the file itself tells. Raises FileError, RecipeError, StoreError.
    """
    home = None
    for number, shown in enumerate(_open(path, work, known)):
        if number == 0 and store is not None:
            home = returned(path, shown, store)
        if home is None:
            yield shown
            continue
        alone = work is None and shown.work.recipe_path is None
        if alone and home.recipe is not None:
            yield noted(brought_back(path, shown, home.recipe), home)
            return
        yield noted(apart(path, shown) if alone else shown, home)


def returned(path: Path, shown: Opened, store: Any) -> "Returned | None":
    """What a file of held rows is. Imported when first used: there is a database client then."""
    from core.quarantine import returning

    if not returning.ours(shown.names):  # as with every other file
        return None
    return returning.returned(Source(path, shown.work.recipe.dialect), store)


def noted(shown: Opened, home: "Returned") -> Opened:
    return replace(shown, notes=(home.sentence, *shown.notes), home=home.loads[0].id)


def brought_back(path: Path, shown: Opened, recipe: Recipe) -> Opened:
    """By the recipe of the load that held the rows; columns may have gone in between."""
    from core.quarantine.returning import ours, way_back

    back = way_back(recipe, path.name, shown.work.recipe.dialect, ours(shown.names))
    try:
        return opened(path, Work(targeted(back, path)))
    except RecipeError:
        return adapted(path, targeted(back, path), None)


def apart(path: Path, shown: Opened) -> Opened:
    """Rows of several recipes: as the file tells, without our columns."""
    from core.quarantine.returning import ours, without

    work = shown.work.with_recipe(without(shown.work.recipe, ours(shown.names)))
    facts: dict[str, Any] = {"settled": shown.settled, "inferred": shown.inferred}
    return opened(path, work, questions=shown.questions, **facts)


def _open(path: Path, work: Work | None, known: Iterable[Path]) -> Generator[Opened, None, None]:
    if work is not None:
        shown = opened(path, work)
        yield replace(shown, notes=(*shown.notes, *_strayed(work, shown.names)))
        return
    beside = find_beside(path)
    if beside is not None:
        recipe = targeted(Recipe.load(beside), path)
        try:
            yield opened(path, Work(recipe, recipe_path=beside))
        except RecipeError:
            yield adapted(path, recipe, beside)
        return
    yield from _learn(path, known)


def _strayed(work: Work, names: tuple[str, ...]) -> tuple[str, ...]:
    """How the recipe that was fitted to this file differs from it, as was said when it was."""
    if work.recipe_path is None:
        return ()
    try:
        original = Recipe.load(work.recipe_path)
    except RecipeError:
        return ()  # gone since: what it said of these columns is in the work
    fits = original.schema.names == work.recipe.schema.names
    return () if fits else drift(original, names).sentences


def adapted(path: Path, recipe: Recipe, place: Path | None) -> Opened:
    """A recipe for other columns: what it says of those still there, and in a note what differs."""
    learned = infer(path)
    apart = drift(recipe, learned.schema.names)
    fitted = fit(replace(recipe, dialect=learned.dialect), apart, learned.schema)
    shown = opened(path, Work(fitted, recipe_path=place))
    return replace(shown, notes=(*apart.sentences, *shown.notes))


def _learn(path: Path, known: Iterable[Path]) -> Generator[Opened, None, None]:
    last = None
    shown: Opened | None = None
    notes: tuple[str, ...] = ()
    near: Near | None = None
    found = detect(path)
    for number, (recipe, inferred) in enumerate(learn_in(path, found.dialect)):
        last = (recipe, inferred)
        if number == 0:
            place, matched = matching(recipe, known)
            if matched is not None:
                yield opened(path, Work(targeted(matched, path), recipe_path=place))
                return
            near = nearest(recipe.schema.names, known)
        if number < 2:  # as text at once, then with the types of the first block
            raw = shown.page.raw if shown is not None and shown.page is not None else None
            shown = opened(
                path, Work(targeted(recipe, path)), raw, settled=False, inferred=inferred
            )
            yield shown
        if number == ENOUGH:
            notes = (f"Types were learned from the first {counted(inferred.records, 'row')}.",)
            break
    assert last is not None
    recipe, inferred = last
    yield opened(
        path,
        Work(targeted(recipe, path)),
        inferred=inferred,
        questions=doubts(found, recipe.dialect),
        raw=shown.page.raw if shown is not None and shown.page is not None else None,
        more_notes=notes,
        near=near,
    )


def doubts(found: Detection, known: Dialect) -> tuple[str, ...]:
    """What only a person can tell, a sentence each; not the dates that the whole file settled."""
    asked = {key for key in found.questions if key != "date_order" or known.date_order is None}
    return tuple(f"{_asking(one.key)} {one.because}." for one in found.evidence if one.key in asked)


def unanswered(questions: Iterable[str], changes: Iterable[str]) -> tuple[str, ...]:
    """Without those about what a person has chosen now, be it what stood there before."""
    known = tuple(_asking(key) for key in changes)
    return tuple(one for one in questions if not one.startswith(known))


def _asking(key: str) -> str:
    return f"Please check the {_NAMED.get(key, key.replace('_', ' '))}:"


def opened(
    path: Path,
    work: Work,
    raw: RawBatch | None = None,
    more_notes: tuple[str, ...] = (),
    **facts: Any,
) -> Opened:
    source = Source(path, work.recipe.dialect)
    told = (*renamed(work.recipe.schema.fields), *drift(work.recipe, source.names).sentences)
    notes = (*more_notes, *source.warnings, *told)
    if raw is None:
        raw = next(iter(source.batches()), None)
    page = check_page(raw, work) if raw is not None else None
    return Opened(work, source.names, page, notes=notes, **facts)


def reread(path: Path, work: Work, changes: Mapping[str, Any]) -> Generator[Work, None, None]:
    """The same decisions under another dialect; where the columns stay, so does what was decided on
    them, but the way numbers and dates are written is learned anew when that is what changed."""
    before = work.recipe
    fresh = infer(path, **{**overrides(before), **changes})
    kept = replace(
        fresh,
        name=before.name,
        collection=before.collection,
        mode=before.mode,
        write=before.write,
    )
    conventions = {"decimal_char", "group_char", "date_order"} & set(changes)
    if fresh.schema.names == before.schema.names and not conventions:
        kept = replace(kept, schema=before.schema, clean=before.clean, rules=before.rules)
    yield replace(work, recipe=kept)


def learn_again(path: Path, work: Work) -> Generator[Work, None, None]:
    """By what the file tells, but for the columns that an export of held rows added to it."""
    from core.quarantine.returning import ours, without

    before, fresh = work.recipe, infer(path)
    alone = without(fresh, ours(fresh.schema.names))
    yield replace(
        work,
        recipe=replace(alone, collection=before.collection, mode=before.mode),
        recipe_path=None,
    )


def overrides(recipe: Recipe) -> dict[str, Any]:
    """What is set stays set when one thing about the dialect changes."""
    dialect = recipe.dialect
    return {
        "encoding": dialect.encoding,
        "delimiter": dialect.delimiter,
        "quote_char": dialect.quote_char,
        "header": dialect.header,
    }


def targeted(recipe: Recipe, path: Path) -> Recipe:
    """A recipe that names no collection loads into one called like the file."""
    if recipe.collection:
        return recipe
    return replace(recipe, collection=collection_name(path))


def collection_name(path: Path) -> str:
    stem = path.name.split(".")[0]
    kept = "".join(c if c.isalnum() or c in "_-" else "_" for c in stem).strip("_")
    return kept or "data"


def matching(recipe: Recipe, known: Iterable[Path]) -> tuple[Path | None, Recipe | None]:
    """The first known recipe for exactly these columns."""
    alike = (one for one in _readable(known) if one[1].schema.names == recipe.schema.names)
    return next(alike, (None, None))


def nearest(names: Sequence[str], known: Iterable[Path]) -> Near | None:
    """The known recipe that is most like these columns, and what differs."""
    there = list(_readable(known))
    found = closest([recipe for _, recipe in there], names)
    if found is None:
        return None
    place = next(path for path, recipe in there if recipe is found)
    return Near(place, drift(found, names).sentences)


def _readable(known: Iterable[Path]) -> Iterator[tuple[Path, Recipe]]:
    """What cannot be read is passed over."""
    for path in known:
        with suppress(RecipeError):
            yield path, Recipe.load(path)
