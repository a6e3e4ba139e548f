"""pyarrow without pandas.

At its first conversion pyarrow imports pandas, where it is installed, to know its objects: a
quarter of a second and 100 MB, and Sluice has none of them. What it missed once it does not look
for again; `to_pandas` and the like still work for a program that uses core beside pandas.
"""

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

import pyarrow as pa


class _NoPandas:
    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name == "pandas":
            raise ModuleNotFoundError(name)
        return None


def without_pandas() -> None:
    """Lets pyarrow make its first conversion where it finds no pandas."""
    if "pandas" in sys.modules:
        return
    sys.meta_path.insert(0, _NoPandas)
    try:
        pa.array([None], pa.float64()).to_numpy(zero_copy_only=False)
    finally:
        sys.meta_path.remove(_NoPandas)
