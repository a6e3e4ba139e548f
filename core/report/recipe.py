"""How the file was read and checked, as a table of its columns."""

from collections.abc import Iterable, Mapping
from typing import Any

from core.recipes.recipe import Recipe
from core.recipes.schema import Field
from core.report.text import shown
from core.values.cleaning import STEPS, Step

MOST = 300  # columns listed
WORDS = {
    "minimum": "≥ {0}",
    "maximum": "≤ {0}",
    "exclusiveMinimum": "> {0}",
    "exclusiveMaximum": "< {0}",
    "minLength": "at least {0} characters",
    "maxLength": "at most {0} characters",
    "pattern": "like {0}",
    "enum": "one of {0}",
}

WIDTHS = {
    "leaveOutBlank": "left out where they are empty",
    "leaveOut": "left out",
    "leaveEmpty": "the columns left empty",
}


def columns(recipe: Recipe) -> str:
    """Rows of the table, and a word on those beyond MOST."""
    fields = recipe.schema.fields
    rows = [_row(field, field.name in recipe.schema.primary_key) for field in fields[:MOST]]
    if len(fields) > MOST:
        rows.append(f"<tr><td colspan=5>and {len(fields) - MOST:,} more columns</td></tr>")
    return "".join(rows)


def whole(recipe: Recipe) -> list[tuple[str, str]]:
    """What holds for whole rows, by name, as HTML."""
    schema = recipe.schema
    told = [
        ("Key", ", ".join(map(shown, schema.primary_key))),
        ("Refers to", "; ".join(_reference(key) for key in schema.foreign_keys)),
        ("Row rules", "; ".join(shown(str(rule["rule"])) for rule in recipe.rules)),
        ("Cells too many", WIDTHS.get(recipe.extra_cells, "")),
        ("Cells too few", WIDTHS.get(recipe.missing_cells, "")),
        ("Cleaning of rows", steps(recipe.clean)),
        ("Made columns", steps(recipe.derived)),
    ]
    return [(name, words) for name, words in told if words]


def _row(field: Field, key: bool) -> str:
    if field.drop:
        cells = [f"<s>{shown(field.name)}</s>", "left out", "", "", ""]
    else:
        renamed = "" if field.key == field.name else f" → {shown(field.key)}"
        kind = "" if field.kind == field.type else f" as {shown(field.kind)}"
        cells = [
            f"<b>{shown(field.name)}</b>{renamed}",
            shown(field.type) + kind,
            ", ".join(["key"] * key + rules(field.constraints)),
            steps(field.clean),
        ]
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells[:4]) + "</tr>"


def rules(constraints: Mapping[str, Any]) -> list[str]:
    told = []
    for name, value in constraints.items():
        if value is False:
            continue
        text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
        words = WORDS.get(name, name if value is True else f"{name} {{0}}")
        told.append(words.replace("{0}", shown(text)) if "{0}" in words else shown(words))
    return told


def steps(some: Iterable[Step]) -> str:
    told = []
    for step in some:
        kind = STEPS.get(step.name)
        params = ", ".join(f"{k} {v}" for k, v in step.params.items() if k != "only")
        words = kind.label if kind is not None else step.name
        told.append(shown(f"{words}: {params}" if params else words))
    return "; ".join(told)


def _reference(key: Mapping[str, Any]) -> str:
    reference = key.get("reference", {})
    return shown(f"{key.get('fields')} in {reference.get('resource') or 'this file'}")
