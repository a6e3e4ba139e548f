"""How a file differs from the recipe made for such files, told before anything is loaded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, utils

from core.batch import LoadReport
from core.errors import RecipeError
from core.plural import counted
from core.recipes.naming import suited
from core.recipes.recipe import Recipe
from core.recipes.schema import Field, Schema

NEAR = 75  # of 100: how alike two names must be for one to be the other renamed
RETYPED = 0.05  # share of cells that no longer have the type


@dataclass(frozen=True, slots=True)
class Drift:
    """`missing` and `new` are fields and columns that found no partner; `renamed` are (field,
    column) that may be the same; `retyped` are (field, share of cells that do not fit);
    `outside` are (field, cells outside its enum)."""

    missing: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    reordered: bool = False
    retyped: tuple[tuple[str, float], ...] = ()
    outside: tuple[tuple[str, int], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.missing or self.new or self.renamed or self.retyped or self.outside)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What a person reads, one sentence each."""
        return (
            *(f"“{name}” is missing." for name in self.missing),
            *(f"“{name}” is new." for name in self.new),
            *(f"“{name}” seems to be “{field}” renamed." for field, name in self.renamed),
            *(
                f"“{name}” no longer fits its type in {share:.0%} of its cells."
                for name, share in self.retyped
            ),
            *(
                f"“{name}” has {counted(count, 'cell')} outside its list."
                for name, count in self.outside
            ),
        )


def drift(recipe: Recipe, names: Sequence[str], report: LoadReport | None = None) -> Drift:
    """By the header alone, or with a check's report also by what the cells hold."""
    found = _between(recipe.schema.names, names)
    if report is None:
        return found
    return replace(found, retyped=_retyped(recipe, report), outside=_outside(report))


def unlike(first: Recipe, recipe: Recipe) -> tuple[str, ...]:
    """How the documents of one file differ from those of another, a sentence each; nothing where
    both files are of one shape."""
    there, here = _shape(first), _shape(recipe)
    retyped = (
        f"“{name}” is {kind} here and {there[name]} there."
        for name, kind in here.items()
        if there.get(name, kind) != kind
    )
    return (*_between(tuple(there), tuple(here)).sentences, *retyped)


def _shape(recipe: Recipe) -> dict[str, str]:
    return {field.key: field.type for field in recipe.schema.fields if not field.drop}


def _between(known: Sequence[str], names: Sequence[str]) -> Drift:
    ours, theirs = set(known), set(names)
    missing = [name for name in known if name not in theirs]
    new = [name for name in names if name not in ours]
    renamed = _renamed(missing, new)
    olds, news = {old for old, _ in renamed}, {new for _, new in renamed}
    return Drift(
        missing=tuple(name for name in missing if name not in olds),
        new=tuple(name for name in new if name not in news),
        renamed=renamed,
        reordered=[n for n in known if n in theirs] != [n for n in names if n in ours],
    )


def _renamed(missing: Sequence[str], new: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The most alike first; each name once."""
    pairs = sorted(
        ((similarity(old, name), old, name) for old in missing for name in new),
        reverse=True,
    )
    found: dict[str, str] = {}
    for score, old, name in pairs:
        if score >= NEAR and old not in found and name not in found.values():
            found[old] = name
    return tuple(found.items())


def similarity(a: str, b: str) -> float:
    """0 to 100, whatever the case, the spaces and signs, and the order of words."""
    return max(
        fuzz.ratio(_plain(a), _plain(b)),
        fuzz.token_sort_ratio(a, b, processor=utils.default_process),
    )


def _plain(name: str) -> str:
    return utils.default_process(name).replace(" ", "")


def _retyped(recipe: Recipe, report: LoadReport) -> tuple[tuple[str, float], ...]:
    found = []
    for name in recipe.schema.names:
        quality = report.quality.get(name)
        kind = recipe.schema.field(name).type
        wrong = report.cells.get((name, "type-error", kind), 0)
        if quality and wrong > RETYPED * max(quality.valid + quality.problem, 1):
            found.append((name, wrong / (quality.valid + quality.problem)))
    return tuple(found)


def _outside(report: LoadReport) -> tuple[tuple[str, int], ...]:
    return tuple(
        (field, count)
        for (field, _, rule), count in report.cells.items()
        if rule == "enum" and field is not None
    )


def adapted(recipe: Recipe, drift: Drift, learned: Schema | None = None) -> Recipe:
    """The recipe for a file that drifted: renamed columns read, missing fields left out, new ones
    as `learned` from the file, else as text; documents keep their names."""
    schema = recipe.schema
    columns = dict(drift.renamed)
    fields = tuple(
        replace(field, name=columns[field.name], target=field.key)
        if field.name in columns
        else field
        for field in schema.fields
        if field.name not in drift.missing
    )
    new = [learned.field(name) if learned else Field(name) for name in drift.new]
    fields += suited(new, [field.key for field in fields])
    changed = Schema(
        fields=fields,
        missing_values=schema.missing_values,
        primary_key=_kept(schema.primary_key, columns, drift),
        unique_keys=tuple(key for old in schema.unique_keys if (key := _kept(old, columns, drift))),
        foreign_keys=tuple(
            {**key, "fields": list(kept)}
            for key in schema.foreign_keys
            if (kept := _kept(tuple(_list(key["fields"])), columns, drift))
        ),
        fields_match=schema.fields_match,
        extra=schema.extra,
    )
    return recipe.replace(schema=changed)


def _list(value: object) -> list[str]:
    return [value] if isinstance(value, str) else list(value)  # type: ignore[call-overload]


def _kept(key: tuple[str, ...], columns: Mapping[str, str], drift: Drift) -> tuple[str, ...]:
    """A key under its new names, nothing where a part of it is missing."""
    if any(name in drift.missing for name in key):
        return ()
    return tuple(columns.get(name, name) for name in key)


def matched(recipe: Recipe, names: Sequence[str], header: bool) -> tuple[Schema, dict[str, str]]:
    """The schema as it applies to a file, and the column of each field that has one.

    Follows fieldsMatch; a file without header is read by the order of its columns. Raises
    RecipeError for a file that does not fit.
    """
    schema = recipe.schema
    match = schema.fields_match
    if not header and match == "exact" and len(names) == len(schema.names):
        return schema, dict(zip(schema.names, names, strict=True))
    apart = drift(recipe, names)
    gone = [*apart.missing, *(old for old, _ in apart.renamed)]
    known, there = set(schema.names), set(names)
    extra = [name for name in names if name not in known]
    if (gone and match not in ("superset", "partial")) or (
        extra and match not in ("subset", "partial")
    ):
        raise RecipeError(
            f"The file does not fit the recipe “{recipe.name}”: {' '.join(apart.sentences)}",
            "Choose another recipe, change this one, or set its fieldsMatch.",
        )
    if match == "partial" and len(gone) == len(schema.names):
        raise RecipeError(
            f"The file has no field of the recipe “{recipe.name}”.", "Choose another recipe."
        )
    # a column that the schema leaves open is kept as text: nothing is lost
    added = suited([Field(name) for name in extra], [field.key for field in schema.fields])
    whole = replace(schema, fields=(*schema.fields, *added))
    return whole, {name: name for name in whole.names if name in there}


def reordered(recipe: Recipe, names: Sequence[str]) -> str:
    """A sentence where a file has the columns in another order than its recipe asks for, "" else;
    nothing is lost by that: they are found by name."""
    known = recipe.schema.names
    if recipe.schema.fields_match != "exact" or tuple(names) == known or {*names} != {*known}:
        return ""
    return "The columns stand in another order than in the recipe; each was found by its name."


def fits(recipe: Recipe, names: Sequence[str]) -> bool:
    """Whether a file with these columns can be read by the recipe as it is."""
    try:
        matched(recipe, names, recipe.dialect.header)
    except RecipeError:
        return False
    return True


def closest(recipes: Sequence[Recipe], names: Sequence[str]) -> Recipe | None:
    """The recipe whose fields are most like a file's header, None where none is alike."""
    scored = [(_likeness(recipe, names), -i) for i, recipe in enumerate(recipes)]
    best = max(scored, default=(0.0, 0))
    return recipes[-best[1]] if best[0] >= NEAR / 100 else None


def _likeness(recipe: Recipe, names: Sequence[str]) -> float:
    apart = drift(recipe, names)
    same = len(recipe.schema.names) - len(apart.missing) - len(apart.renamed)
    return (same + 0.8 * len(apart.renamed)) / max(len(recipe.schema.names), len(names), 1)
