"""The descriptors of the Table Schema specification (https://datapackage.org/standard/table-schema/),
section by section: each is read and comes back unchanged, and so are the forms of version 1 read."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.errors import RecipeError
from core.recipes.schema import Schema
from tests.core.checking.published import (
    ABC,
    AGREEMENT,
    BAD_PRICE,
    BY_FIELD,
    FRUIT,
    FRUITS,
    LABELLED,
    MISSING,
    PARENTS,
    STATES,
    name,
    price,
)
from tests.core.checking.tables import checked, recipe_of, written

# section, schema
DESCRIPTORS: list[tuple[str, dict[str, Any]]] = [
    ("Properties: missingValues", {"fields": ABC, "missingValues": MISSING}),
    ("Properties: missingValues", {"fields": ABC, "missingValues": ["-"]}),
    ("Properties: missingValues", {"fields": ABC, "missingValues": ["NaN", "-"]}),
    ("Properties: missingValues", {"fields": ABC, "missingValues": []}),
    ("Properties: primaryKey", {"fields": ABC, "primaryKey": ["a", "c"]}),
    ("Properties: uniqueKeys", {"fields": ABC, "uniqueKeys": [["a"], ["a", "b"], ["a", "c"]]}),
    ("Properties: foreignKeys", STATES),
    ("Properties: foreignKeys, self-referencing", PARENTS),
    ("Properties: fieldsMatch", {"fields": ABC, "fieldsMatch": "equal"}),
    ("Properties: fieldsMatch", {"fields": ABC, "fieldsMatch": "subset"}),
    ("Properties: fieldsMatch", {"fields": ABC, "fieldsMatch": "superset"}),
    ("Properties: fieldsMatch", {"fields": ABC, "fieldsMatch": "partial"}),
    (
        "Properties: $schema, name, title and the rest",
        {
            "$schema": "https://datapackage.org/profiles/2.1/tableschema.json",
            "name": "fruits",
            "title": "Fruits",
            "description": "What is sold",
            "homepage": "https://example.org",
            "version": "1.0.0",
            "created": "2024-01-26T15:00:00Z",
            "keywords": ["fruit"],
            "contributors": [{"title": "Ada", "roles": ["author"]}],
            "examples": [{"name": "one", "path": "https://example.org/one.csv"}],
            "fields": FRUIT,
        },
    ),
    (
        "Field: title, description, example",
        {
            "fields": [
                {
                    "name": "recipient",
                    "type": "string",
                    "title": "A nicer human readable label or title for the field",
                    "description": "The recipient of the funds",
                    "example": "An example value for the field",
                }
            ]
        },
    ),
    ("Field: categories", {"fields": [FRUITS]}),
    ("Field: categories with labels", {"fields": [LABELLED]}),
    ("Field: categoriesOrdered", {"fields": [AGREEMENT]}),
    ("Field: missingValues", BY_FIELD),
    (
        "Field: rdfType",
        {"fields": [{"name": "Country", "type": "string", "rdfType": "http://schema.org/Country"}]},
    ),
    ("any", {"fields": [{"name": "id", "type": "any"}, {"name": "name", "type": "any"}]}),
    ("Constraints: required", {"fields": name(required=True)}),
    ("Constraints: unique", {"fields": name(unique=True)}),
    ("Constraints: minLength", {"fields": name(minLength=5)}),
    ("Constraints: maxLength", {"fields": name(maxLength=5)}),
    ("Constraints: minimum", {"fields": price("integer", minimum=100)}),
    ("Constraints: maximum", {"fields": price("integer", maximum=100)}),
    ("Constraints: exclusiveMinimum", {"fields": price("integer", exclusiveMinimum=0)}),
    ("Constraints: exclusiveMaximum", {"fields": price("integer", exclusiveMaximum=150)}),
    ("Constraints: jsonSchema", {"fields": price("object", jsonSchema=BAD_PRICE)}),
    ("Constraints: pattern", {"fields": name(pattern="^a.*$")}),
    ("Constraints: enum", {"fields": name(enum=["apple"])}),
]


@pytest.mark.parametrize(("section", "descriptor"), DESCRIPTORS)
def test_a_descriptor_reads_and_comes_back_unchanged(
    section: str, descriptor: dict[str, Any]
) -> None:
    schema = Schema.from_descriptor(descriptor)
    fields = [{"type": "any", **field} for field in descriptor["fields"]]  # what its absence means
    assert schema.to_descriptor() == {**descriptor, "fields": fields}
    assert Schema.from_descriptor(json.loads(json.dumps(schema.to_descriptor()))) == schema


def test_the_outline_of_a_descriptor_is_refused_for_its_type() -> None:
    """Descriptor; Field: the illustrations hold sentences where types would stand."""
    field = {"name": "name of field (e.g. column name)", "type": "A string specifying the type"}
    with pytest.raises(RecipeError, match="no field type “A string specifying the type”"):
        Schema.from_descriptor({"fields": [field]})


# ---- what version 1 wrote -----------------------------------------------------------------------
def test_a_primary_key_may_be_one_name() -> None:
    """Properties: primaryKey, backward compatibility."""
    assert Schema.from_descriptor({"fields": ABC, "primaryKey": "a"}).primary_key == ("a",)


@pytest.mark.parametrize("resource", [{}, {"resource": ""}])
@pytest.mark.parametrize(("own", "theirs"), [(["parent"], ["id"]), ("parent", "id")])
def test_a_key_into_the_file_itself(
    resource: dict[str, str], own: Any, theirs: Any, tmp_path: Path
) -> None:
    """Properties: foreignKeys, self-referencing, with the forms of version 1."""
    key = {"fields": own, "reference": {"fields": theirs, **resource}}
    recipe = recipe_of(*PARENTS["fields"], foreignKeys=[key])
    path = written(tmp_path / "xxx.csv", "parent,id\n2,1\n,2\n7,3\n")
    _, problems = checked(path, recipe)
    assert [(p.record, p.code, p.value) for p in problems] == [(3, "foreign-key", "7")]


def test_names_that_stand_twice_are_no_error(tmp_path: Path) -> None:
    """Field: name, backward compatibility."""
    recipe = recipe_of({"name": "a", "type": "integer"}, {"name": "a", "type": "string"})
    report, problems = checked(written(tmp_path / "f.csv", "a,a\n1,x\n"), recipe)
    assert (report.accepted, problems) == (1, [])


def test_a_format_loses_the_prefix_of_version_0() -> None:
    """Field: type and format, backward compatibility."""
    field = {"name": "d", "type": "date", "format": "fmt:%d/%m/%Y"}
    assert Schema.from_descriptor({"fields": [field]}).field("d").format == "%d/%m/%Y"
