"""Each setting declared once, with its default and what it is for; kept as one JSON file.

The folders follow the platform (platformdirs); `SLUICE_HOME` moves all of them below one folder,
which tests and portable installations use.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from core.drafts import drafted
from core.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Setting:
    """`default` gives the type too: a file's value of another type is refused by name."""

    key: str
    default: Any
    description: str


SETTINGS = (
    Setting("connection", "", "Connection used last, without its password; empty for automatic"),
    Setting("database", "sluice_data", "Database that loads go to when none is named"),
    Setting("read_only", False, "Refuse every write to the server"),
    Setting("theme", "system", "system, light or dark"),
    Setting("recipes", [], "Recipes saved or opened lately, newest first"),
    Setting("recent_files", [], "Files opened lately, newest first"),
    Setting("dismissed_loads", [], "Loads cut off that are not offered again, newest first"),
    Setting("window", "", "Size and place of the window"),
    Setting("page", "Load", "Page shown last"),
    Setting("first_launch", True, "Whether the app has never loaded anything"),
)
_BY_KEY = {setting.key: setting for setting in SETTINGS}


def config_folder() -> Path:
    home = os.environ.get("SLUICE_HOME")
    return Path(home) / "config" if home else Path(platformdirs.user_config_dir("sluice", False))


def data_folder() -> Path:
    """Where the embedded database and drafts live."""
    home = os.environ.get("SLUICE_HOME")
    return Path(home) / "data" if home else Path(platformdirs.user_data_dir("sluice", False))


def log_folder() -> Path:
    home = os.environ.get("SLUICE_HOME")
    return Path(home) / "log" if home else Path(platformdirs.user_log_dir("sluice", False))


class Settings:
    """The settings file, read once and written whole (to a temporary file, then renamed).

    Raises SettingsError where the file holds no JSON object or a value of the wrong type.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or config_folder() / "settings.json"
        self._values = _read(self.path)

    def get(self, key: str) -> Any:
        return self._values.get(key, _BY_KEY[key].default)

    def set(self, key: str, value: Any) -> None:
        _check(self.path, {key: value})
        if self.get(key) == value:
            return
        self._values[key] = value
        _write(self.path, self._values)


def _read(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"The settings in {path} cannot be read: {error}.", "Mend or delete that file."
        ) from error
    if not isinstance(values, dict):
        raise SettingsError(f"{path} holds no settings.", "Mend or delete that file.")
    _check(path, values)
    return values


def _check(path: Path, values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        setting = _BY_KEY.get(key)  # an unknown key is a newer version's: kept, not read
        if setting is not None and type(value) is not type(setting.default):
            raise SettingsError(
                f"The setting “{key}” in {path} is {value!r}, which is of the wrong type.",
                f"Give it a value like {setting.default!r}.",
            )


def _write(path: Path, values: Mapping[str, Any]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with drafted(path) as draft:
            draft.write_text(json.dumps(values, indent=2, ensure_ascii=False), "utf-8")
    except OSError as error:
        raise SettingsError(
            f"The settings cannot be written to {path}: {error.strerror}.",
            "Free some space there, or allow writing.",
        ) from error
