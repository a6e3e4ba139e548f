"""The sample files, copied to the user's data folder: what is tried out is never the original."""

import shutil
from importlib import resources
from pathlib import Path

from core.errors import FileError
from core.settings import data_folder

NAMES = ("customers", "products", "orders")


def samples() -> list[Path]:
    """Fresh copies where there are none yet; raises FileError."""
    source, target = resources.files("resources.samples"), data_folder() / "samples"
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name in NAMES:
            for ending in (".csv", ".recipe.json"):
                made = target / (name + ending)
                original = source / (name + ending)
                if not made.exists() and original.is_file():
                    with resources.as_file(original) as path:
                        shutil.copyfile(path, made)
    except OSError as error:
        raise FileError(
            f"The sample files cannot be copied to {target}: {error.strerror}.",
            "Free some space there, or allow writing.",
        ) from error
    return [target / f"{name}.csv" for name in reversed(NAMES)]
