"""Lists of things that a person saved under a name, each a JSON file beside the settings."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bson import json_util

from core.drafts import drafted
from core.errors import SettingsError
from core.settings import config_folder

_AWARE = json_util.JSONOptions(tz_aware=True)


def place_of(kind: str) -> Path:
    return config_folder() / f"{kind}.json"


def read(kind: str) -> list[Any]:
    """Values as MongoDB has them, dates and ids too; raises SettingsError for no JSON at all."""
    path = place_of(kind)
    try:
        found: Any = json_util.loads(path.read_text("utf-8"), json_options=_AWARE)
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"The saved {kind} in {path} cannot be read: {error}.", "Mend or delete that file."
        ) from error
    return found if isinstance(found, list) else []


def write(kind: str, items: Sequence[Mapping[str, Any]]) -> None:
    """Raises SettingsError."""
    path = place_of(kind)
    text = json.dumps(json.loads(json_util.dumps(items)), indent=2, ensure_ascii=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with drafted(path) as draft:
            draft.write_text(text, "utf-8")
    except OSError as error:
        raise SettingsError(
            f"It cannot be saved to {path}: {error.strerror}.", "Free some space there."
        ) from error
