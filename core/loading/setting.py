"""What a mode works with."""

from dataclasses import dataclass, replace

from bson import ObjectId

from core.recipes.recipe import Recipe
from core.store import LoadEntry, Store
from core.store.target import Target


@dataclass(frozen=True, slots=True)
class Setting:
    store: Store
    target: Target
    entry: LoadEntry
    recipe: Recipe

    @property
    def load(self) -> ObjectId:
        return self.entry.object_id

    @property
    def own_ids(self) -> bool:
        """Whether the file brings its own `_id`s."""
        return self.entry.lineage == "_load"

    def beside(self, name: str) -> "Setting":
        """The same for another collection."""
        return replace(self, target=self.target.beside(name))
