"""A recipe: how a kind of file is read, checked and stored, as a Data Resource descriptor.

`{name, path, encoding, dialect, schema}` are the standard's words; what is Sluice's own stands
under `sluice`: version, collection, mode, duplicates, extraCells, missingCells, nested, write,
clean, derived, rules.
"""

import dataclasses
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.drafts import drafted
from core.errors import RecipeError
from core.reading.dialect import Dialect
from core.reading.source import Source, detect
from core.recipes import writing
from core.recipes.inference import Inferred, infer_schema
from core.recipes.naming import suited
from core.recipes.schema import Field, Schema
from core.recipes.words import check_words
from core.values.cleaning import Step

SUFFIX = ".recipe.json"
VERSION = 1
DUPLICATES = ("first", "last", "refuse")
LEAVE_OUT, LEAVE_OUT_BLANK, LEAVE_EMPTY = "leaveOut", "leaveOutBlank", "leaveEmpty"
# word in the descriptor: what it may say, the first if nothing
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "duplicates": DUPLICATES,
    "extraCells": ("refuse", LEAVE_OUT_BLANK, LEAVE_OUT),
    "missingCells": ("refuse", LEAVE_EMPTY),
}


@dataclass(frozen=True, slots=True)
class Recipe:
    """`clean` are steps on the whole table, in order, `derived` what makes new columns after them,
    `rules` the row rules as {"rule": expression, "message": …}; `duplicates` says which record of
    those with the same key stays; `extra_cells` and `missing_cells` whether records with cells
    beyond the last column, or fewer than columns, are refused or made to fit; `nested` makes
    documents of dotted names; `write` holds write concern and other store options.
    """

    name: str
    path: str
    dialect: Dialect
    schema: Schema
    collection: str = ""
    mode: str = "add"
    duplicates: str = "first"
    extra_cells: str = "refuse"
    missing_cells: str = "refuse"
    nested: bool = False
    clean: tuple[Step, ...] = ()
    derived: tuple[Step, ...] = ()
    rules: tuple[Mapping[str, Any], ...] = ()
    write: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)

    def replace(self, **changes: Any) -> "Recipe":
        return dataclasses.replace(self, **changes)

    def to_descriptor(self) -> dict[str, Any]:
        own: dict[str, Any] = {"version": VERSION}
        if self.collection:
            own["collection"] = self.collection
        own["mode"] = self.mode
        said = (self.duplicates, self.extra_cells, self.missing_cells)
        for (word, choices), value in zip(_CHOICES.items(), said, strict=True):
            if value != choices[0]:
                own[word] = value
        if self.nested:
            own["nested"] = True
        for key, steps in (("clean", self.clean), ("derived", self.derived)):
            if steps:
                own[key] = [step.to_descriptor() for step in steps]
        if self.rules:
            own["rules"] = [dict(rule) for rule in self.rules]
        if self.write:
            own["write"] = dict(self.write)
        return {
            "name": self.name,
            "path": self.path,
            "encoding": self.dialect.encoding,
            "dialect": self.dialect.to_descriptor(),
            "schema": self.schema.to_descriptor(),
            "sluice": own,
            **self.extra,
        }

    @classmethod
    def from_descriptor(cls, descriptor: Any) -> "Recipe":
        """Raises RecipeError."""
        if not isinstance(descriptor, Mapping) or not isinstance(descriptor.get("schema"), Mapping):
            schema = descriptor.get("schema") if isinstance(descriptor, Mapping) else None
            lacks = "it has no schema" if schema is None else f"its schema is {schema!r}, no object"
            raise RecipeError(f"This is no recipe: {lacks}.", "Make one with: sluice infer FILE.")
        rest = dict(descriptor)
        said = rest.pop("sluice", None)
        version = said.get("version") if isinstance(said, Mapping) else None
        if isinstance(version, int) and version > VERSION:
            raise RecipeError(
                f"This recipe is of version {version}, which is newer than this Sluice.",
                "Update Sluice.",
            )
        own = check_words("resource", descriptor)
        return cls(
            name=str(rest.pop("name", "") or "data"),
            path=_path(rest.pop("path", "")),
            dialect=_dialect(rest.pop("dialect", None), rest.pop("encoding", None)),
            schema=Schema.from_descriptor(rest.pop("schema")),
            collection=own.get("collection", ""),
            mode=own.get("mode", "add"),
            duplicates=_chosen(own, "duplicates"),
            extra_cells=_chosen(own, "extraCells"),
            missing_cells=_chosen(own, "missingCells"),
            nested=own.get("nested", False),
            clean=tuple(Step.from_descriptor(step) for step in own.get("clean", ())),
            derived=tuple(Step.from_descriptor(step) for step in own.get("derived", ())),
            rules=tuple(_rule(rule) for rule in own.get("rules", ())),
            write=writing.checked(own.get("write", {})),
            extra=rest,
        )

    def save(self, path: Path | str) -> None:
        """Writes the descriptor as JSON; raises RecipeError."""
        text = json.dumps(self.to_descriptor(), indent=2, ensure_ascii=False) + "\n"
        target = Path(path)
        try:
            with drafted(target) as draft:
                draft.write_text(text, "utf-8")
        except OSError as error:
            raise RecipeError(
                f"The recipe cannot be written to {target}: {error.strerror}.",
                "Choose another place.",
            ) from error

    @classmethod
    def load(cls, path: Path | str) -> "Recipe":
        """Raises RecipeError where the file is not there or holds no recipe."""
        try:
            descriptor = json.loads(Path(path).read_text("utf-8-sig"))
        except OSError as error:
            raise RecipeError(
                f"The recipe {path} cannot be read: {error.strerror}.", "Check the path."
            ) from error
        except ValueError as error:
            raise RecipeError(
                f"The recipe {path} is no JSON: {error}.", "Mend it, or infer a new one."
            ) from error
        if isinstance(descriptor, Mapping) and "schema" not in descriptor:
            descriptor = _alone(descriptor)
        try:
            return cls.from_descriptor(descriptor)
        except RecipeError as error:
            raise RecipeError(f"In {path}: {error.problem}", error.cure) from error


def _alone(descriptor: Mapping[str, Any]) -> Any:
    """A bare Table Schema, or a Data Package of one resource, as a resource."""
    if "fields" in descriptor:
        return {"name": "data", "schema": descriptor}
    resources = descriptor.get("resources")
    return resources[0] if isinstance(resources, list) and len(resources) == 1 else descriptor


def _path(value: Any) -> str:
    return str(value[0] if isinstance(value, list) and value else value or "")


def _dialect(descriptor: Any, encoding: Any) -> Dialect:
    if not isinstance(descriptor, Mapping | None):
        raise RecipeError(f"Its dialect is {descriptor!r}, no object.", 'Write {"delimiter": ";"}.')
    check_words("dialect", descriptor or {})
    dialect = Dialect.from_descriptor(descriptor or {})
    return dialect.replace(encoding=encoding) if encoding else dialect


def _chosen(own: Mapping[str, Any], word: str) -> str:
    choices = _CHOICES[word]
    value = own.get(word, choices[0])
    if value not in choices:
        raise RecipeError(f"{word} cannot be {value!r}.", f"Choose one of {', '.join(choices)}.")
    return str(value)


def _rule(descriptor: Any) -> Mapping[str, Any]:
    if isinstance(descriptor, str):
        return {"rule": descriptor}
    if isinstance(descriptor, Mapping) and isinstance(descriptor.get("rule"), str):
        return dict(descriptor)
    raise RecipeError(
        f"{descriptor!r} is no row rule.", 'Write {"rule": "ship_date >= order_date"}.'
    )


def resource_name(path: Path | str) -> str:
    """A Data Resource name for a file: lower case, no spaces."""
    stem = Path(path).name.split(".")[0].lower()
    return re.sub(r"[^a-z0-9_-]+", "-", stem).strip("-") or "data"


def find_beside(path: Path | str) -> Path | None:
    """The recipe that stands beside a file: orders.recipe.json for orders.csv."""
    file = Path(path)
    stems = [file.name]
    while "." in stems[-1]:
        stems.append(stems[-1].rsplit(".", 1)[0])
    for stem in stems:
        beside = file.with_name(stem + SUFFIX)
        if beside.is_file():
            return beside
    return None


def infer(path: Path | str, **overrides: Any) -> Recipe:
    """A recipe from the whole file: its dialect (but for what is overridden) and its schema."""
    *_, (recipe, _inferred) = learn(path, **overrides)
    return recipe


def learn(path: Path | str, **overrides: Any) -> Iterator[tuple[Recipe, Inferred]]:
    """What is known of the file after each block: the first soon, the last from all of it."""
    yield from learn_in(path, detect(path, **overrides).dialect)


def learn_in(path: Path | str, dialect: Dialect) -> Iterator[tuple[Recipe, Inferred]]:
    """The same in a dialect known already; the order of day and month may still be learned."""
    source = Source(path, dialect)
    recipe = Recipe(resource_name(path), Path(path).name, dialect, Schema(()))
    inferred = Inferred(Schema(suited([Field(name) for name in source.names])), {}, (), 0)
    yield recipe.replace(schema=inferred.schema), inferred
    for inferred in infer_schema(source.batches(), source.names, dialect):
        known = dialect.replace(date_order=dialect.date_order or inferred.order or None)
        yield recipe.replace(dialect=known, schema=inferred.schema), inferred


def replace_field(recipe: Recipe, name: str, **changes: Any) -> Recipe:
    """The recipe with one field changed; raises RecipeError where there is no such field."""
    return recipe.replace(schema=recipe.schema.replace_field(name, **changes))
