"""Files opened lately, newest first, with what is known of them without opening them."""

from collections.abc import Sequence
from pathlib import Path

from core.recipes.recipe import find_beside
from core.settings import Settings
from gui.load.recipes import shown_name
from gui.load.state import size_words

KEPT = 12


def recent(settings: Settings) -> tuple[tuple[Path, str], ...]:
    """File and a few words about it; those that are gone are left out."""
    paths = (Path(one) for one in settings.get("recent_files"))
    return tuple((path, _words(path)) for path in paths if path.is_file())


def remember(settings: Settings, paths: Sequence[Path]) -> None:
    new = [str(path) for path in paths]
    rest = [one for one in settings.get("recent_files") if one not in new]
    settings.set("recent_files", [*new, *rest][:KEPT])


def _words(path: Path) -> str:
    beside = find_beside(path)
    recipe = f"recipe {shown_name(beside)}" if beside is not None else "no recipe"
    return f"{recipe} · {size_words(path.stat().st_size)}"
