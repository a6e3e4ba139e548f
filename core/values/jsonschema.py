"""The jsonSchema constraint: JSON Schema for the values of a cell, by the `jsonschema-rs` library.

Without `$schema` it is draft 2020-12. Nothing is fetched, and patterns take time linear in the
text, so no schema can reach out or hang a check.
"""

from typing import Any

from core.errors import RecipeError


class JsonSchema:
    """A schema that values can be held against; raises RecipeError for one that cannot be used."""

    def __init__(self, schema: Any) -> None:
        # takes 50 ms, and few recipes have a JSON schema
        from jsonschema_rs import RegexOptions, ValidationError, validator_for

        if not isinstance(schema, dict | bool):
            raise RecipeError(f"{schema!r} is no JSON schema.", "Mend the recipe.")
        try:
            self._validator = validator_for(
                schema, pattern_options=RegexOptions(), retriever=_elsewhere
            )
        except (ValidationError, ValueError) as error:
            why = str(error).splitlines()[0]
            raise RecipeError(
                f"The JSON schema cannot be used: {why}.",
                "Mend the recipe; patterns are without back-references and look-around.",
            ) from error

    def fits(self, value: Any) -> bool:
        return self._validator.is_valid(value)


def _elsewhere(uri: str) -> Any:
    raise ValueError(f"{uri} is elsewhere; put it in $defs")
