"""The modes of a load: what becomes of a record whose document, or key, is there already."""

from collections.abc import Callable

from core.batch import Batch
from core.documents.digests import digests
from core.documents.encoder import encode
from core.documents.lineage import identify
from core.documents.nesting import check_paths, nested
from core.errors import RecipeError
from core.loading.adding import Add, Mode, Outcome, Prepared
from core.loading.keyed import Skip, Update
from core.loading.keys import key_fields, unique_keys
from core.loading.replacing import Replace
from core.loading.sealing import guard_keys
from core.loading.setting import Setting
from core.recipes import writing
from core.recipes.naming import LINEAGE, RENAME
from core.recipes.recipe import Recipe
from core.recipes.settled import document_fields
from core.store import LoadEntry, Store, sharding
from core.store.patience import Patience

__all__ = [
    "MODES",
    "Mode",
    "Outcome",
    "Prepared",
    "check_place",
    "check_target",
    "open_mode",
    "prepare",
    "stand_on_shards",
]

MODES: dict[str, Callable[[Setting], Mode]] = {
    "add": Add,
    "update": Update,
    "skip": Skip,
    "replace": Replace,
}


_NO_ID = ("list", "array", "object", "geopoint", "geojson")
KEPT_DATABASES = ("sluice", "admin", "config", "local")
KEPT_COLLECTIONS = ("system.", "sluice.")


def open_mode(
    store: Store, entry: LoadEntry, recipe: Recipe, patient: Patience, *, late: bool = False
) -> Mode:
    """The mode of a load; `late` for records that come in by themselves from quarantine: a replace
    takes them into the collection that is now in place, and of a load that is not done the rest of
    the file may bring their keys once more."""
    store.guard()
    setting = _setting(store, entry, recipe, patient)
    if late and entry.state != "done":
        guard_keys(setting)
    return MODES["add" if late and entry.mode == "replace" else entry.mode](setting)


def stand_on_shards(store: Store, entry: LoadEntry, recipe: Recipe, patient: Patience) -> None:
    """Before the first write of a load to a sharded cluster. A collection with keys of its own to
    keep unique is not spread: an index can do that on one shard only."""
    if store.topology != "sharded":
        return
    target = _setting(store, entry, recipe, patient).target
    sharding.check(target.name, sharding.shard_key(target), entry.mode, key_fields(recipe))
    kept = [key for key in unique_keys(recipe) if "_id" not in key.fields]
    if entry.mode != "replace" and not kept:
        sharding.spread(target)


def foreseeing(store: Store, entry: LoadEntry, recipe: Recipe, patient: Patience) -> Mode:
    """A mode that is only asked what it would do."""
    return MODES[entry.mode](_setting(store, entry, recipe, patient))


def _setting(store: Store, entry: LoadEntry, recipe: Recipe, patient: Patience) -> Setting:
    target = store.target(entry.database, entry.collection, recipe.write, patient)
    return Setting(store, target, entry, recipe)


def prepare(entry: LoadEntry, recipe: Recipe, n: int, batch: Batch) -> Prepared:
    """The documents of a batch, each named after its load and record."""
    fields = document_fields(recipe)
    names = identify(entry.object_id, batch.records)
    own_ids = entry.lineage == "_load"
    columns, kinds = batch.columns, {field.key: field.kind for field in fields}
    nulls = {field.key for field in fields if field.options.get("null")}
    if recipe.nested:
        columns, kinds = nested(columns, kinds, nulls)
    if own_ids:  # where the server puts it: digests are of documents as they are stored
        columns = {"_id": columns["_id"], **columns}
    documents = encode(
        columns,
        None if own_ids else names,
        kinds,
        lineage=names if own_ids else None,
        nulls=nulls,
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
            "Name them with --key, or as primaryKey in the recipe's schema.",
        )
    if recipe.nested:
        check_paths(field.key for field in document_fields(recipe))
        if recipe.mode == "update":
            raise RecipeError(
                "An update with nested fields would replace whole documents inside documents.",
                "Choose another mode, or load with plain names.",
            )
    writing.checked(recipe.write)
    unique_keys(recipe)
    for field in document_fields(recipe):
        _check_name(field.key)
        if field.key == "_id" and field.type in _NO_ID:
            raise RecipeError(
                f"An _id cannot be of the type “{field.type}”.",
                "Give the field another type, or another name in the documents.",
            )


def check_place(database: str, collection: str) -> None:
    """Raises RecipeError for names that MongoDB (its manual: Limits and Thresholds, Naming
    Restrictions) or Sluice cannot give to data."""
    if database in KEPT_DATABASES:
        raise RecipeError(
            f"The database “{database}” is kept by MongoDB or Sluice for itself.",
            "Load into another one.",
        )
    if not 0 < len(database.encode()) < 64 or any(c in '/\\. "$*<>:|?\0' for c in database):
        raise RecipeError(
            f"“{database[:80]}” can be no database's name.",
            "Use letters, digits, - and _, at most 63 of them.",
        )
    odd = "$" in collection or "\0" in collection or "" in collection.split(".")
    if odd or collection.startswith(KEPT_COLLECTIONS):
        raise RecipeError(
            f"“{collection[:80]}” can be no collection's name.",
            "Leave out $ and doubled dots, and do not begin with system. or sluice.",
        )
    if len(f"{database}.{collection}".encode()) > 255:
        raise RecipeError(
            f"The name “{collection[:40]}…” is too long.", "Names have at most 255 bytes in all."
        )


def _check_name(name: str) -> None:
    if name == LINEAGE or not name or name.startswith("$") or "\0" in name:
        raise RecipeError(f"A field of a document cannot be called “{name}” here.", RENAME)
