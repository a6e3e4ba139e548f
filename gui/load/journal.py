"""Drafts: what is open and what was decided about it, on disk at every change.

One JSON file for each open file, written whole and renamed into place.
"""

import hashlib
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.drafts import drafted
from core.errors import CoreError
from core.recipes.recipe import Recipe
from core.settings import data_folder
from gui.load.state import OpenFile, Work

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Draft:
    path: Path
    work: Work


class Journal:
    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or data_folder() / "drafts"

    def keep(self, file: OpenFile) -> None:
        """Raises nothing: a draft that cannot be written must not stop the work; it is logged."""
        if file.work is None:
            return
        work = file.work
        descriptor = {
            "path": str(file.path),
            "place": file.key,
            "recipe": work.recipe.to_descriptor(),
            "edits": {str(record): dict(cells) for record, cells in work.edits.items()},
            "limit": work.limit,
            "recipe_path": str(work.recipe_path) if work.recipe_path is not None else None,
        }
        target = self._file(file.path)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with drafted(target) as draft:
                draft.write_text(json.dumps(descriptor, ensure_ascii=False), "utf-8")
        except OSError as error:
            log.warning("The draft of %s cannot be kept: %s", file.path, error)

    def drop(self, path: Path) -> None:
        self._file(path).unlink(missing_ok=True)

    def drafts(self) -> Iterator[Draft]:
        """Those whose file is still there, as they stood; what cannot be read is logged."""
        found: list[tuple[int, float, Draft]] = []
        for target in self.folder.glob("*.json"):
            try:
                descriptor = json.loads(target.read_text("utf-8"))
                place, draft = int(descriptor.get("place", 0)), _read(descriptor)
            except (OSError, ValueError, KeyError, TypeError, AttributeError, CoreError) as error:
                log.warning("The draft %s cannot be read: %s", target, error)
                continue
            if draft.path.exists():
                found.append((place, target.stat().st_mtime, draft))
        yield from (draft for _, _, draft in sorted(found, key=lambda one: one[:2]))

    def _file(self, path: Path) -> Path:
        return self.folder / (hashlib.sha256(str(path).encode()).hexdigest()[:16] + ".json")


def _read(descriptor: dict[str, object]) -> Draft:
    edits = descriptor["edits"]
    limit, place = descriptor["limit"], descriptor.get("recipe_path")
    if not isinstance(edits, dict) or not isinstance(limit, int | None):
        raise ValueError("no draft of ours")
    work = Work(
        Recipe.from_descriptor(descriptor["recipe"]),
        {int(record): dict(cells) for record, cells in edits.items()},
        limit,
        Path(str(place)) if place is not None else None,
    )
    return Draft(Path(str(descriptor["path"])), work)
