"""The check of a file: each RawBatch cleaned, cast and judged into a Batch."""

import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.batch import Batch, LoadReport, Problem, Quality, RawBatch
from core.checking.aside import left_out
from core.checking.edits import Edits, Overlay
from core.checking.findings import Finding, Refusals
from core.checking.halves import apart, halves
from core.checking.handmade import one_column, one_record
from core.checking.judging import Judge, Judged
from core.checking.keys import Keys
from core.checking.later import Later
from core.checking.references import Lookup, References
from core.checking.rules import Rules
from core.checking.tallying import tally
from core.checking.widths import fitted
from core.checking.zones import Zones
from core.plural import counted
from core.reading.source import Source
from core.recipes.drift import reordered
from core.recipes.naming import renamed
from core.recipes.recipe import Recipe, infer
from core.recipes.reshaping import derive
from core.recipes.schema import Field
from core.recipes.settled import all_fields, document_fields, settled
from core.values.text import Mask

__all__ = ["Checker", "check_file", "check_values", "one_column", "one_record", "tally"]
Texts = dict[str, pa.Array]


class Checker:
    """Checks the batches of one file in order; remembers keys and what was filled down.

    `recipe` is the one given, as it applies to this file. Where `needs_survey` the whole file has
    to go through `survey` first. Raises RecipeError for a recipe that makes no sense or does not
    fit the file's columns.
    """

    def __init__(
        self,
        recipe: Recipe,
        names: Sequence[str],
        *,
        lookup: Lookup | None = None,
        edits: Edits | None = None,
    ) -> None:
        recipe.schema.validate()
        self.recipe, self._sources = settled(recipe, names)
        schema = self._schema = self.recipe.schema
        kept = document_fields(self.recipe)
        self._cleaners = {one.name: Judge(schema, one) for one in all_fields(self.recipe)}
        self._keys = Keys(kept, schema, recipe.duplicates)
        self._references = References(schema, lookup)
        self._rules = Rules(recipe.rules, self._empty())
        # a dropped field is judged only where a key or a rule asks for it
        asked = {*schema.key_names, *self._rules.fields}
        names_kept = {field.name for field in kept}
        self._judges = {n: j for n, j in self._cleaners.items() if n in names_kept | asked}
        self._zones = Zones(kept)
        self._overlay = Overlay(edits or {})
        self._above: dict[str, str | None] = {}
        self.needs_survey = self._keys.needs_survey or self._references.needs_survey
        told = (reordered(recipe, names), *renamed(kept), *self._references.unjudged)
        self._told = tuple(filter(None, told))
        self._made_fit = 0

    def _empty(self) -> Texts:
        """Every typed column, without rows."""
        nothing = pa.array([], pa.string())
        return {name: judge.cast(nothing)[0] for name, judge in self._cleaners.items()}

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was done, or not done, that the counts do not tell."""
        told = (*self._told, *self._zones.warnings)
        if not self._made_fit:
            return told
        some = counted(self._made_fit, "record")
        words = (
            f"{some} with too many or too few cells made to fit the columns, as the recipe says."
        )
        return (*told, words)

    # ---- the batches ----------------------------------------------------------------------------
    def survey(self, source: Source) -> Iterator[float]:
        """Reads the file once where keys have to be known beforehand; yields the part read."""
        if not self.needs_survey:
            return
        for raw in source.batches():
            raw = self._overlay.laid_over(self.whole(raw))
            if raw.rows:
                judged = self._judged(raw, self._cleaned(raw))
                typed = {name: one.typed for name, one in judged.items()}
                if self._keys.needs_survey:
                    self._keys.survey(raw, typed)
                self._references.survey(raw, typed)
            yield raw.fraction
        self._above.clear()

    def whole(self, raw: RawBatch) -> RawBatch:
        """The batch with those refused records as rows that the recipe, or an edit, makes whole;
        the columns that are told of a batch have a cell for each row of this."""
        return self._overlay.mended(fitted(raw, self.recipe))

    def check(self, raw: RawBatch) -> Batch:
        return self.check_closely(raw)[0]

    def check_closely(self, raw: RawBatch) -> tuple[Batch, Callable[[], Texts]]:
        """The batch, and what gives the cleaned text of its accepted rows, missing cells null."""
        made = fitted(raw, self.recipe)
        self._made_fit += made.rows - raw.rows
        raw = self._overlay.laid_over(self._overlay.mended(made))
        texts = self._raw_texts(raw)
        judged = self._judged(raw, self._cleaned(raw))
        told = texts | {name: one.text for name, one in judged.items() if name not in texts}
        findings = [finding for one in judged.values() for finding in one.findings]
        if raw.rows:
            typed = {name: one.typed for name, one in judged.items()}
            self._zones.add(judged)
            findings += self._keys.find(raw, told, typed)
            findings += self._references.find(raw, told, typed)
            findings += self._rules.find(raw.rows, told, typed)
        good = _good(raw.rows, findings)
        batch = self._batch(raw, texts, judged, findings, good)
        clean = texts | {name: one.text for name, one in judged.items()}
        return batch, lambda: _kept(clean, good)

    def texts(self, raw: RawBatch) -> Texts:
        """Every column's text after cleaning, missing cells null; changes no memory."""
        above = dict(self._above)
        cleaned = self._cleaned(self._overlay.laid_over(self.whole(raw)))
        self._above = above
        return {
            name: self._cleaners[name].without_missing(text)[0] for name, text in cleaned.items()
        }

    def column(self, raw: RawBatch, name: str) -> Judged:
        """One column of every row, judged by its own rules alone."""
        text = self._raw_texts(self._overlay.laid_over(self.whole(raw)))[name]
        judge = self._cleaners[name]
        return judge.judge(text, self._clean(judge.field, text))

    # ---- its parts ------------------------------------------------------------------------------
    def _raw_texts(self, raw: RawBatch) -> Texts:
        return {
            name: raw.columns[self._sources[name]]
            if name in self._sources
            else pa.nulls(raw.rows, pa.string())
            for name in self._schema.names
        }

    def _cleaned(self, raw: RawBatch) -> Texts:
        texts = self._raw_texts(raw)
        for field in self._schema.fields:
            if field.clean:
                texts[field.name] = self._clean(field, texts[field.name])
        return derive(texts, self.recipe.derived, raw.rows)

    def _clean(self, field: Field, text: pa.Array) -> pa.Array:
        text = self._cleaners[field.name].clean(text, self._above.get(field.name))
        if len(text) and any(step.name == "fillDown" for step in field.clean):
            self._above[field.name] = text[-1].as_py()
        return text

    def _judged(self, raw: RawBatch, cleaned: Texts) -> dict[str, Judged]:
        originals = self._raw_texts(raw)
        return {
            name: judge.judge(originals.get(name, cleaned[name]), cleaned[name])
            for name, judge in self._judges.items()
        }

    def _batch(
        self,
        raw: RawBatch,
        texts: Texts,
        judged: Mapping[str, Judged],
        findings: Sequence[Finding],
        good: Mask | None,
    ) -> Batch:
        typed = {
            judge.field.key: judged[name].typed
            for name, judge in self._judges.items()
            if not judge.field.drop
        }
        columns = typed if good is None else Later(lambda: _kept(typed, good))
        rows = slice(None) if good is None else good
        quality = {name: one.quality for name, one in judged.items()} | _more(judged, findings)
        bad = np.zeros(0, np.int64) if good is None else np.flatnonzero(~good)
        refused = Refusals(raw, texts, findings, bad)
        return Batch(raw, raw.records[rows], raw.lines[rows], columns, refused, quality)


def _more(judged: Mapping[str, Judged], findings: Sequence[Finding]) -> dict[str, Quality]:
    """The quality of fields in which equal keys, references or rules found problems besides."""
    changed: dict[str, Quality] = {}
    own = {id(finding) for one in judged.values() for finding in one.findings}
    late = [one for one in findings if id(one) not in own and one.code != "row-constraint"]
    for name in {one.field for one in late if one.field is not None} & judged.keys():
        before = [one.rows for one in judged[name].findings] or [np.zeros(0, np.int64)]
        new = np.setdiff1d(
            np.concatenate([one.rows for one in late if one.field == name]), np.concatenate(before)
        )
        quality = judged[name].quality
        changed[name] = replace(
            quality, valid=quality.valid - len(new), problem=quality.problem + len(new)
        )
    return changed


def _good(rows: int, findings: Sequence[Finding]) -> Mask | None:
    """The rows without a finding, None for all."""
    if not findings:
        return None
    good = np.ones(rows, bool)
    for finding in findings:
        good[finding.rows] = False
    return good


def _kept(columns: Mapping[str, pa.Array], good: Mask | None) -> Texts:
    """The rows of a mask, None for all."""
    if good is None:
        return dict(columns)
    mask = pa.array(good)
    return {name: pc.filter(values, mask) for name, values in columns.items()}


def check_file(
    path: Path | str,
    recipe: Recipe | None = None,
    *,
    lookup: Lookup | None = None,
    edits: Edits | None = None,
    accepted: Path | str | None = None,
    refused: Path | str | None = None,
) -> Generator[LoadReport, None, None]:
    """Checks a file as a load would, and yields the report so far after each batch.

    `accepted` and `refused` are files to write both halves to, as CSV. Raises FileError and
    RecipeError.
    """
    started = time.monotonic()
    recipe = recipe or infer(path)
    source = Source(path, recipe.dialect)
    apart(source.path, accepted, refused)
    checker = Checker(recipe, source.names, lookup=lookup, edits=edits)
    report = LoadReport(
        None,
        source.path.name,
        stamp=source.stamp,
        encoding=recipe.dialect.encoding,
        dialect=recipe.dialect.to_descriptor(),
        warnings=(*source.warnings, *checker.warnings),
    )
    yield report
    for _ in checker.survey(source):
        yield replace(report, seconds=time.monotonic() - started, message="Looking for equal keys")
    with halves(recipe.schema.names, source.encoding, accepted, refused) as both:
        for raw in source.batches():
            batch, texts = checker.check_closely(raw)
            both.add(batch, texts)
            report = replace(
                tally(report, batch),
                accepted=report.accepted + batch.rows,
                quarantined=report.quarantined + len(batch.refused),
                seconds=time.monotonic() - started,
            )
            yield report
    yield _finished(report, source, checker, time.monotonic() - started)


def _finished(report: LoadReport, source: Source, checker: Checker, seconds: float) -> LoadReport:
    return replace(
        report,
        state="done",
        sha256=source.sha256,
        warnings=(*source.warnings, *checker.warnings),
        notes=left_out(source),
        problems=(),
        places=(),
        fraction=1.0,
        seconds=seconds,
    )


def check_values(recipe: Recipe, values: Mapping[str, str]) -> tuple[Problem, ...]:
    """The problems of one record given as text, by the same code as a file's."""
    whole = {name: values.get(name, "") for name in (*recipe.schema.names, *values)}
    batch = Checker(recipe, tuple(whole)).check(one_record(whole))
    return batch.refused[0].reasons if batch.refused else ()
