"""Sluice's core: CSV files in, checked documents in MongoDB, every refused row kept. Knows no Qt.

The names below are handed on lazily, so that `import core` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.checking.checker import check_file
    from core.connecting import connect
    from core.exports import frame
    from core.loading.loader import load_file
    from core.loading.undo import undo, undo_plan
    from core.recipes.recipe import Recipe, infer
    from core.store import Store

__version__ = "0.1.0"
__all__ = [
    "Recipe",
    "Store",
    "check_file",
    "connect",
    "frame",
    "infer",
    "load_file",
    "undo",
    "undo_plan",
]

_HOME = {
    "Recipe": "core.recipes.recipe",
    "Store": "core.store",
    "check_file": "core.checking.checker",
    "connect": "core.connecting",
    "frame": "core.exports",
    "infer": "core.recipes.recipe",
    "load_file": "core.loading.loader",
    "undo": "core.loading.undo",
    "undo_plan": "core.loading.undo",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'core' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
