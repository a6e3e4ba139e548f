"""Field and Schema: what each column should be, to and from Table Schema JSON (Data Package v2).

What Sluice adds stands under `sluice` in a field's descriptor: `name` (in the document), `drop`,
`bson`, `clean`, `decimals`, `timezone`. Keys that Sluice does not know are kept as they are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from core.errors import RecipeError
from core.reading.head import told_apart
from core.recipes.words import check_words
from core.values.cleaning import Step, check_steps
from core.values.constraints import Ground, Rule, prepare
from core.values.fields import field_type

OPTIONS = (
    "decimalChar",
    "groupChar",
    "bareNumber",
    "trueValues",
    "falseValues",
    "delimiter",
    "itemType",
    "categories",
    "categoriesOrdered",
)
OWN_OPTIONS = ("decimals", "timezone", "null")
FIELDS_MATCH = ("exact", "equal", "subset", "superset", "partial")


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its type, rules and cleaning, and where it goes in the document.

    `target` is the name in the document ("" = the column's own). `missing_values` None means the
    schema's. `bson` None means the type's first kind. `options` hold the type's own settings by
    their Table Schema names, and `decimals` and `timezone`.
    """

    name: str
    type: str = "string"
    format: str = "default"
    constraints: Mapping[str, Any] = field(default_factory=dict)
    missing_values: tuple[Any, ...] | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    title: str = ""
    description: str = ""
    target: str = ""
    drop: bool = False
    bson: str | None = None
    clean: tuple[Step, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The name in the document."""
        return self.target or self.name

    @property
    def kind(self) -> str:
        """The BSON kind of the field's values; raises RecipeError."""
        return field_type(self.type).kind(self.format, self.bson)

    @property
    def ground(self) -> Ground:
        """What the field's constraints are read with; raises RecipeError."""
        return Ground(self.type, self.format, self.options, self.kind)

    def rules(self) -> tuple[Rule, ...]:
        """The rules for single cells; raises RecipeError."""
        return prepare(self.constraints, self.ground)

    def validate(self) -> None:
        """Raises RecipeError, naming the field, for what makes no sense or would never work."""
        try:
            kind = field_type(self.type)
            kind.check(self.format, self.options)
            check_steps(self.clean)
            self.rules()
        except RecipeError as error:
            raise RecipeError(f"Field “{self.name}”: {error.problem}", error.cure) from error

    def to_descriptor(self) -> dict[str, Any]:
        own = {
            "name": self.target,
            "drop": self.drop,
            "bson": self.bson,
            **{key: self.options[key] for key in OWN_OPTIONS if key in self.options},
            "clean": [step.to_descriptor() for step in self.clean],
        }
        descriptor: dict[str, Any] = {"name": self.name, "type": self.type}
        if self.format != "default":
            descriptor["format"] = self.format
        descriptor |= _filled({"title": self.title, "description": self.description})
        descriptor |= {key: value for key, value in self.options.items() if key in OPTIONS}
        if self.missing_values is not None:
            descriptor["missingValues"] = _plain(self.missing_values)
        if self.constraints:
            descriptor["constraints"] = _plain(self.constraints)
        descriptor |= self.extra
        if own := {key: value for key, value in own.items() if value not in ("", False, None, [])}:
            descriptor["sluice"] = own
        return descriptor

    @classmethod
    def from_descriptor(cls, descriptor: Any) -> "Field":
        """Raises RecipeError."""
        if not isinstance(descriptor, Mapping) or not isinstance(descriptor.get("name"), str):
            raise RecipeError(f"A field without a name cannot be used: {descriptor!r}.")
        rest, own = dict(descriptor), check_words("field", descriptor, descriptor["name"])
        rest.pop("sluice", None)
        options = {key: rest.pop(key) for key in OPTIONS if key in rest}
        options |= {key: own[key] for key in OWN_OPTIONS if key in own}
        missing = rest.pop("missingValues", None)
        return cls(
            name=rest.pop("name"),
            type=rest.pop("type", None) or "any",
            format=str(rest.pop("format", None) or "default").removeprefix("fmt:"),  # as v0 wrote
            title=rest.pop("title", ""),
            description=rest.pop("description", ""),
            constraints=rest.pop("constraints", None) or {},
            missing_values=None if missing is None else _missing(missing),
            options=options,
            target=own.get("name", ""),
            drop=own.get("drop", False),
            bson=own.get("bson"),
            clean=tuple(Step.from_descriptor(step) for step in own.get("clean", ())),
            extra=rest,
        )


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}


def _plain(value: Any) -> Any:
    """Tuples as lists, so that a descriptor equals the JSON it becomes."""
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def _missing(value: Any) -> tuple[Any, ...]:
    listed = _list("missingValues", value)
    for one in listed:
        if not isinstance(one.get("value") if isinstance(one, Mapping) else one, str | int | float):
            raise RecipeError(f"{one!r} is no missing value.", 'Write a text like "NA".')
    return tuple(listed)


def _list(name: str, value: Any) -> Sequence[Any]:
    if not isinstance(value, list | tuple):
        raise RecipeError(f"{name} cannot be {value!r}.", "Make it a list.")
    return value


def _each_once(fields: Iterable[Field]) -> tuple[Field, ...]:
    """Version 1 let two fields have one name: they are told apart as a file's columns are."""
    told = tuple(fields)
    names = told_apart([field.name for field in told])[0]
    return tuple(replace(one, name=name) for one, name in zip(told, names, strict=True))


def tokens(missing_values: Sequence[Any]) -> tuple[str, ...]:
    """The texts that mean a missing cell; Table Schema v2 lets each carry a label."""
    return tuple(
        str(item["value"] if isinstance(item, Mapping) else item) for item in missing_values
    )


@dataclass(frozen=True, slots=True)
class Schema:
    """The fields of a file in order, and the rules across them."""

    fields: tuple[Field, ...]
    missing_values: tuple[Any, ...] = ("",)
    primary_key: tuple[str, ...] = ()
    unique_keys: tuple[tuple[str, ...], ...] = ()
    foreign_keys: tuple[Mapping[str, Any], ...] = ()
    fields_match: str = "exact"
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields)

    @property
    def key_names(self) -> tuple[str, ...]:
        """The own fields of all keys, unique, primary and foreign."""
        own = (key for key in self.foreign_keys if not key["reference"].get("resource"))
        keys = (
            self.primary_key,
            *self.unique_keys,
            *map(key_fields, self.foreign_keys),
            *(key_fields(key["reference"]) for key in own),
        )
        return tuple(name for key in keys for name in key)

    def field(self, name: str) -> Field:
        for found in self.fields:
            if found.name == name:
                return found
        raise RecipeError(f"There is no field “{name}”.", f"There are {', '.join(self.names)}.")

    def replace_field(self, name: str, **changes: Any) -> "Schema":
        changed = replace(self.field(name), **changes)
        return replace(self, fields=tuple(changed if f.name == name else f for f in self.fields))

    def missing_of(self, field: Field) -> tuple[str, ...]:
        """The texts that mean a missing cell of a field."""
        own = field.missing_values
        return tokens(self.missing_values if own is None else own)

    def to_descriptor(self) -> dict[str, Any]:
        descriptor: dict[str, Any] = {"fields": [field.to_descriptor() for field in self.fields]}
        if self.fields_match != "exact":
            descriptor["fieldsMatch"] = self.fields_match
        if self.missing_values != ("",):
            descriptor["missingValues"] = _plain(self.missing_values)
        if self.primary_key:
            descriptor["primaryKey"] = list(self.primary_key)
        if self.unique_keys:
            descriptor["uniqueKeys"] = _plain(self.unique_keys)
        if self.foreign_keys:
            descriptor["foreignKeys"] = _plain(self.foreign_keys)
        return descriptor | dict(self.extra)

    @classmethod
    def from_descriptor(cls, descriptor: Any) -> "Schema":
        """Reads v2 and v1 descriptors; raises RecipeError."""
        if not isinstance(descriptor, Mapping) or not isinstance(descriptor.get("fields"), list):
            raise RecipeError("A schema needs a list of fields.", 'Add "fields": [].')
        check_words("schema", descriptor)
        rest = dict(descriptor)
        match = rest.pop("fieldsMatch", "exact")
        schema = cls(
            fields=_each_once(map(Field.from_descriptor, rest.pop("fields"))),
            missing_values=_missing(rest.pop("missingValues", ("",))),
            primary_key=_names(rest.pop("primaryKey", ())),
            unique_keys=tuple(map(_names, _list("uniqueKeys", rest.pop("uniqueKeys", ())))),
            foreign_keys=tuple(_list("foreignKeys", rest.pop("foreignKeys", ()))),
            # v2's earlier text had a list of one here
            fields_match=match[0] if isinstance(match, list) and match else match,
            extra=rest,
        )
        schema.validate()
        return schema

    def validate(self) -> None:
        """Raises RecipeError for names that clash or are not there, and options of no meaning."""
        seen: set[str] = set()
        for one in self.fields:
            one.validate()
            if one.name in seen:
                raise RecipeError(f"Two fields are called “{one.name}”.", "Rename one.")
            seen.add(one.name)
        if self.fields_match not in FIELDS_MATCH:
            raise RecipeError(
                f"fieldsMatch cannot be {self.fields_match!r}.",
                f"Choose one of {', '.join(FIELDS_MATCH)}.",
            )
        keys = (self.primary_key, *self.unique_keys, *map(key_fields, self.foreign_keys))
        for name in (name for key in keys for name in key):
            self.field(name)


def _names(value: Any) -> tuple[str, ...]:
    names = (value,) if isinstance(value, str) else tuple(_list("A key", value))
    for name in names:
        if not isinstance(name, str):
            raise RecipeError(f"A key cannot name the field {name!r}.", "Write names in quotes.")
    return names


def key_fields(foreign_key: Any) -> tuple[str, ...]:
    """The own fields of a foreign key, which v1 wrote as one name; raises RecipeError."""
    try:
        return _names(foreign_key["fields"])
    except (KeyError, TypeError):
        raise RecipeError(
            f"The foreign key {foreign_key!r} names no fields.",
            'Write {"fields": […], "reference": {"resource": …, "fields": […]}}.',
        ) from None
