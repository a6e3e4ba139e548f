"""Recipes on the page: those used lately, one beside the file, saved and opened."""

from collections.abc import Sequence
from pathlib import Path

from core.recipes.recipe import SUFFIX
from core.settings import Settings

KEPT = 12


def known(settings: Settings) -> tuple[tuple[str, Path], ...]:
    """Name and place of each recipe used lately that is still there, newest first."""
    paths = (Path(one) for one in settings.get("recipes"))
    return tuple((shown_name(path), path) for path in paths if path.is_file())


def remember(settings: Settings, path: Path) -> None:
    before: Sequence[str] = settings.get("recipes")
    rest = [one for one in before if one != str(path)]
    settings.set("recipes", [str(path), *rest][:KEPT])


def shown_name(path: Path) -> str:
    return path.name.removesuffix(SUFFIX)


def place_beside(path: Path) -> Path:
    """Where a recipe of this file is found again by itself."""
    return path.with_name(path.name.split(".")[0] + SUFFIX)
