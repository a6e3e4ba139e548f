"""The modes of a load: what becomes of a record whose document, or key, is there already."""

from collections.abc import Callable

from core.batch import Batch
from core.documents.digests import digests
from core.documents.encoder import encode
from core.documents.lineage import identify
from core.errors import RecipeError
from core.loading.adding import Add, Mode, Outcome, Prepared, Setting
from core.loading.keyed import Skip, Update
from core.loading.replacing import Replace
from core.recipes.recipe import Recipe
from core.store import LoadEntry, Store
from core.store.patience import Patience
from core.store.target import write_concern

__all__ = ["MODES", "Mode", "Outcome", "Prepared", "check_target", "open_mode", "prepare"]

MODES: dict[str, Callable[[Setting], Mode]] = {
    "add": Add,
    "update": Update,
    "skip": Skip,
    "replace": Replace,
}


def open_mode(
    store: Store, entry: LoadEntry, recipe: Recipe, patient: Patience, *, late: bool = False
) -> Mode:
    """The mode of a load; `late` for records that come after the load itself is done, which a
    replace takes into the collection that is now in place."""
    store.guard()
    mode = "add" if late and entry.mode == "replace" else entry.mode
    return MODES[mode](_setting(store, entry, recipe, patient))


def foreseeing(store: Store, entry: LoadEntry, recipe: Recipe, patient: Patience) -> Mode:
    """A mode that is only asked what it would do."""
    return MODES[entry.mode](_setting(store, entry, recipe, patient))


def _setting(store: Store, entry: LoadEntry, recipe: Recipe, patient: Patience) -> Setting:
    target = store.target(entry.database, entry.collection, recipe.write, patient)
    return Setting(store, target, entry, recipe)


def prepare(entry: LoadEntry, recipe: Recipe, n: int, batch: Batch) -> Prepared:
    """The documents of a batch, each named after its load and record."""
    fields = [field for field in recipe.schema.fields if not field.drop]
    names = identify(entry.object_id, batch.records)
    own_ids = entry.lineage == "_load"
    documents = encode(
        batch.columns,
        None if own_ids else names,
        {field.key: field.kind for field in fields},
        lineage=names if own_ids else None,
        nulls={field.key for field in fields if field.options.get("null")},
    )
    marks = digests(documents.data, documents.offsets)
    return Prepared(n, batch, documents, names, marks)


def check_target(recipe: Recipe) -> None:
    """Raises RecipeError for what no load could do."""
    if not recipe.collection:
        raise RecipeError("The recipe names no collection.", "Say where to load: --into NAME.")
    if recipe.mode not in MODES:
        raise RecipeError(
            f"There is no mode “{recipe.mode}”.", f"Choose one of {', '.join(MODES)}."
        )
    if recipe.mode in ("update", "skip") and not recipe.schema.primary_key:
        raise RecipeError(
            f"The mode “{recipe.mode}” needs to know which fields tell records apart.",
            "Name them as primaryKey in the recipe's schema.",
        )
    write_concern(recipe.write)
    for field in recipe.schema.fields:
        if not field.drop:
            _check_name(field.key)


def _check_name(name: str) -> None:
    if name == "_load" or not name or name.startswith("$") or "\0" in name:
        raise RecipeError(
            f"A field of a document cannot be called “{name}” here.", "Give it another name."
        )
