"""What the command line says of a file's dialect, and what it tells of a detected one."""

import argparse
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import RecipeError

if TYPE_CHECKING:  # a command loads only what it needs
    from core.reading.dialect import Detection, Dialect, Evidence
    from core.recipes.proposals import Inferred
    from core.recipes.recipe import Recipe


def _text(said: str) -> str | None:
    r"""An empty text means none, `\t` a tab."""
    return said.replace("\\t", "\t") or None


def _line_end(said: str) -> str | None:
    ends = {"lf": "\n", "crlf": "\r\n", "cr": "\r", "": None}
    if said.lower() not in ends:
        raise RecipeError(f"“{said}” is no line end.", "Say lf, crlf or cr.")
    return ends[said.lower()]


def _header(said: str) -> dict[str, Any]:
    if said in ("", "none"):
        return {"header": False}
    return {"header": True, "header_rows": tuple(map(_number, said.split(",")))}


def _number(said: str) -> int:
    if not said.strip().isdecimal():
        raise RecipeError(f"“{said}” is no number of lines.", "Say, for example, 1.")
    return int(said)


# option: property, what it takes, how it is read, what it says
OPTIONS: Mapping[str, tuple[str, str, Callable[[str], Any], str]] = {
    "--encoding": ("encoding", "NAME", _text, "such as utf-8, cp1252 or utf-16"),
    "--delimiter": ("delimiter", "TEXT", _text, "between cells, such as ';' or '\\t' for a tab"),
    "--quote": ("quote_char", "CHAR", _text, "around cells, such as '\"' or \"'\""),
    "--escape": ("escape_char", "CHAR", _text, "before a quote in a cell, such as '\\'"),
    "--line-end": ("line_terminator", "lf|crlf|cr", _line_end, "where records end, such as crlf"),
    "--header": ("header", "LINES|none", _header, "its line or lines, such as 1, or 2,3"),
    "--footer": ("footer_rows", "LINES", _number, "last lines that are no records, such as 1"),
    "--comment": ("comment_char", "TEXT", _text, "begins a line that is no record, such as #"),
    "--decimal": ("decimal_char", "CHAR", _text, "in numbers: , for 1250,00 and . for 1250.00"),
    "--group": ("group_char", "CHAR", _text, "between thousands: . for 1.250,00"),
    "--date-order": ("date_order", "dmy|mdy|ymd", _text, "dmy for 31/12/2025"),
}
_OPTION = {key: option for option, (key, *_) in OPTIONS.items()}


def dialect_arguments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(
        "how the file is written, where detection should not decide (an empty text means none)"
    )
    for option, (key, takes, _, said) in OPTIONS.items():
        group.add_argument(option, dest=f"dialect_{key}", metavar=takes, help=said)


def type_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--type",
        metavar="FIELD=TYPE",
        action="append",
        default=[],
        help="reads a column so, such as qty=integer; may be given several times",
    )


def overrides(args: argparse.Namespace) -> dict[str, Any]:
    """What the user said of the dialect. Raises RecipeError."""
    found: dict[str, Any] = {}
    for key, _, read, _ in OPTIONS.values():
        said = getattr(args, f"dialect_{key}")
        if said is not None:
            value = read(said)
            found |= value if isinstance(value, dict) else {key: value}
    return found


@dataclass(frozen=True, slots=True)
class Learned:
    """What a file without a recipe was taken for."""

    dialect: "Dialect"
    detection: "Detection"
    inferred: "Inferred"

    @property
    def open_dates(self) -> tuple[str, ...]:
        """Columns whose day and month only a person can tell."""
        asked = (p.field for p in self.inferred.proposals if p.question and p.key == "type")
        return tuple(dict.fromkeys(asked))

    @property
    def questions(self) -> tuple[str, ...]:
        asked = tuple(q for q in self.detection.questions if q != "date_order")
        return (*asked, "date_order") if self.open_dates else asked

    def sentences(self) -> Iterator[str]:
        yield f"read as {self.dialect.summary()}, {self.detection.confidence:.0%} sure."
        for evidence in self.detection.evidence:
            if evidence.key in self.questions and evidence.key != "date_order":
                option = _OPTION[evidence.key]
                cure = "" if evidence.because.startswith("as told") else f"; {option} decides"
                yield f"not sure of {option[2:]}: {evidence.because}{cure}."
        for column in self.open_dates:
            yield (
                f"column “{column}” stays text: its dates could be day/month or month/day; "
                "--date-order dmy or mdy decides."
            )
        for one in self.inferred.mostly:
            read = f"--type {one.field}={one.value['type']} reads it so"
            yield f"column “{one.field}” stays text: {one.because} {read}."
        for column, words in self.inferred.missing.items():
            told = ", ".join(f"“{word}” {count:,}" for word, count in words.items())
            yield f"column “{column}”: taken as missing cells: {told}."
        for column, places in self.inferred.padded.items():
            kept = "5." + "0" * places
            yield f"column “{column}” has {places} decimals, whole numbers too: 5 becomes {kept}."

    def to_json(self) -> dict[str, Any]:
        return {
            "confidence": round(self.detection.confidence, 2),
            "questions": list(self.questions),
            "evidence": [asdict(evidence) for evidence in self.detection.evidence],
            "missing": {name: dict(words) for name, words in self.inferred.missing.items()},
            "mostly": {one.field: one.because for one in self.inferred.mostly},
        }


def learn(path: Path, told: Mapping[str, Any]) -> "tuple[Recipe, Learned]":
    """A recipe from the whole file, and how it was come by."""
    from core.reading.source import detect
    from core.recipes.recipe import learn_in

    detection = detect(path, **told)
    _check_delimiter(path, told, detection)
    *_, (recipe, inferred) = learn_in(path, detection.dialect)
    return recipe, Learned(recipe.dialect, detection, inferred)


def _check_delimiter(path: Path, told: Mapping[str, Any], detection: "Detection") -> None:
    """Raises RecipeError for one that stands nowhere, where another splits the rows evenly."""
    from core.reading.delimiters import name
    from core.reading.source import detect

    mark = told.get("delimiter")
    if mark is None or not _doubt(detection).because.startswith("as told, but"):
        return
    found = detect(path, **{key: value for key, value in told.items() if key != "delimiter"})
    if _doubt(found).because.endswith("one column"):
        return
    raise RecipeError(
        f"No {name(mark)} stands in the sample of {path.name}, so each row would be one cell; "
        f"without --delimiter, {_doubt(found).because}.",
        "Leave --delimiter out, or write a recipe if a row is to be one cell.",
    )


def _doubt(detection: "Detection") -> "Evidence":
    return next(one for one in detection.evidence if one.key == "delimiter")


def retyped(
    recipe: "Recipe", said: Iterable[str], learned: Learned | None
) -> "tuple[Recipe, Learned | None]":
    """The recipe with types as FIELD=TYPE says, and what is left to tell. Raises RecipeError."""
    from core.recipes.proposals import retyped as as_proposed
    from core.values.fields import field_type

    near = {one.field: one for one in learned.inferred.mostly} if learned else {}
    schema, asked = recipe.schema, set(near)
    for one in said:
        name, equals, kind = one.rpartition("=")
        if not equals:
            raise RecipeError(f"“{one}” names no type.", "Write --type FIELD=TYPE.")
        field, known = schema.field(name), field_type(kind)
        if name in near and near[name].value["type"] == kind:
            schema = as_proposed(schema, near[name])
        elif field.type != kind:
            rules = {k: v for k, v in field.constraints.items() if k in known.constraints}
            schema = schema.replace_field(
                name, type=kind, format="default", bson=None, options={}, constraints=rules
            )
        asked.discard(name)
    schema.validate()
    if learned is not None:
        kept = [p for p in learned.inferred.proposals if p.key != "mostly" or p.field in asked]
        learned = replace(learned, inferred=replace(learned.inferred, proposals=tuple(kept)))
    return recipe.replace(schema=schema), learned
