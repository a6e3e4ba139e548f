"""Drafts on disk: what is open and what was decided about it; no Qt here.

One JSON file for each open file, written whole and renamed into place.
"""

import hashlib
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.drafts import drafted
from core.errors import CoreError
from core.recipes.recipe import Recipe
from core.settings import data_folder
from gui.load.state import Work

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Draft:
    """`place` is the file's among the open ones."""

    path: Path
    work: Work
    place: int = 0


class Journal:
    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or data_folder() / "drafts"

    def keep(self, draft: Draft) -> None:
        """Raises nothing: a draft that cannot be written must not stop the work; it is logged."""
        work = draft.work
        descriptor = {
            "path": str(draft.path),
            "place": draft.place,
            "recipe": work.recipe.to_descriptor(),
            "edits": {str(record): dict(cells) for record, cells in work.edits.items()},
            "limit": work.limit,
            "recipe_path": str(work.recipe_path) if work.recipe_path is not None else None,
        }
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with drafted(self._file(draft.path)) as target:
                target.write_text(json.dumps(descriptor, ensure_ascii=False), "utf-8")
        except OSError as error:
            log.warning("The draft of %s cannot be kept: %s", draft.path, error)

    def drop(self, path: Path) -> None:
        """Raises nothing either: what stays is a file that is opened again at the next start."""
        try:
            self._file(path).unlink(missing_ok=True)
        except OSError as error:
            log.warning("The draft of %s cannot be dropped: %s", path, error)

    def drafts(self) -> Iterator[Draft]:
        """Those whose file is still there, as they stood; what cannot be read is logged."""
        found: list[tuple[int, float, Draft]] = []
        for target in self.folder.glob("*.json"):
            try:
                draft, since = _read(json.loads(target.read_text("utf-8"))), target.stat().st_mtime
            except (OSError, ValueError, KeyError, TypeError, AttributeError, CoreError) as error:
                log.warning("The draft %s cannot be read: %s", target, error)
                continue
            if draft.path.exists():
                found.append((draft.place, since, draft))
        yield from (draft for _, _, draft in sorted(found, key=lambda one: one[:2]))

    def _file(self, path: Path) -> Path:
        return self.folder / (hashlib.sha256(str(path).encode()).hexdigest()[:16] + ".json")


def _read(descriptor: dict[str, Any]) -> Draft:
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
    return Draft(Path(str(descriptor["path"])), work, int(descriptor.get("place", 0)))
