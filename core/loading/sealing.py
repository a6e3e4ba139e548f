"""When a collection is made to keep keys unique: before the first document, or after the last.

The embedded server takes documents three times slower with a unique index than without, and makes
the index of a full collection as fast as it takes documents. So there an empty collection gets its
indexes last: the check of the file has seen to it that the load's own keys differ. Whoever writes
beside the load may bring a key that it brings as well; then the index cannot be made, and the load
is not done before that is mended. So a load that sees another under way takes the indexes first.
"""

from collections.abc import Sequence

from core.loading.keys import unique_keys
from core.loading.setting import Setting
from core.recipes.recipe import Recipe
from core.store import LoadEntry, Store
from core.store.patience import Patience
from core.store.uniqueness import UniqueKey, ensure_unique, is_fresh, lacking

LAST = "last"  # in a load's `stage`, of `unique`: its indexes come after its documents
_UNDER_WAY = ("running", "stopped", "failed")


def guard_keys(setting: Setting, later: Sequence[UniqueKey] = ()) -> None:
    """What the recipe wants unique is kept so by the collection itself, but for `later`."""
    keys = [key for key in unique_keys(setting.recipe) if key not in later]
    ensure_unique(setting.target, keys)


def unique_left(store: Store, entry: LoadEntry, patient: Patience) -> tuple[str, ...]:
    """The keys that a load wanted unique and that an index keeps so, also when the load is undone;
    a replaced collection comes back with its own."""
    if entry.mode == "replace":
        return ()
    recipe = Recipe.from_descriptor(dict(entry.recipe))
    target = store.target(entry.database, entry.collection, recipe.write, patient)
    keys = [key for key in unique_keys(recipe) if "_id" not in key.fields]
    left = lacking(target, keys)
    return tuple(", ".join(key.fields) for key in keys if key not in left)


def postponed(setting: Setting) -> tuple[UniqueKey, ...]:
    """The keys whose indexes this load makes last; what a load decides first holds when it is
    resumed, unless another one has come meanwhile."""
    wanted = after_a_check(setting)
    keys = lacking(setting.target, wanted) if wanted else ()
    if not keys or _is_joined(setting):
        return ()
    if setting.entry.stage.get("unique") != LAST:
        if not is_fresh(setting.target):
            return ()
        ledger = setting.store.ledger
        setting.target.patient(lambda: ledger.note_stage(setting.load, {"unique": LAST}))
    return keys


def after_a_check(setting: Setting) -> tuple[UniqueKey, ...]:
    """Keys that may wait for the end, as far as server, mode and types go: none is sent twice."""
    if not setting.target.embedded or setting.entry.mode not in ("add", "replace"):
        return ()
    return tuple(key for key in unique_keys(setting.recipe) if key.told)


def _is_joined(setting: Setting) -> bool:
    """Whether another load into the collection is under way."""
    query = {
        "database": setting.entry.database,
        "collection": setting.entry.collection,
        "state": {"$in": list(_UNDER_WAY)},
        "_id": {"$ne": setting.load},
    }
    return bool(setting.target.patient(lambda: setting.store.ledger.find(query, 1)))
