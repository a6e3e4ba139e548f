"""check, load and infer: the commands that read files."""

import argparse
import sys
from collections.abc import Callable, Generator, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.batch import LoadReport
from core.cli.command import (
    HELD,
    OK,
    STOPPED,
    WRONG,
    Stop,
    connected,
    count,
    json_argument,
    print_json,
    server_arguments,
)
from core.cli.dialects import (
    Learned,
    dialect_arguments,
    learn,
    overrides,
    retyped,
    type_argument,
)
from core.cli.printing import Progress, json_report, sentence
from core.errors import Busy, CoreError, LoadError, RecipeError

if TYPE_CHECKING:  # a command loads only what it needs
    from core.recipes.recipe import Recipe

MOST = 5  # differences between two files that are told one by one
Start = Callable[[Path, "Recipe"], Generator[LoadReport, None, None]]


def _file_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="a file, folder or glob such as in/*.csv; - for stdin",
    )
    parser.add_argument(
        "--recipe",
        metavar="R",
        help="such as orders.recipe.json; else the one beside the file, else inferred",
    )
    parser.add_argument(
        "--key", metavar="FIELD[,FIELD]", help="what tells records apart, such as year,number"
    )
    type_argument(parser)
    json_argument(parser, "one JSON object (a list for several files)")
    dialect_arguments(parser)


def _recipe(path: Path, args: argparse.Namespace) -> "tuple[Recipe, Learned | None]":
    """The recipe named, else the one beside the file, else one learned from it."""
    from core.recipes.recipe import Recipe, find_beside

    told, learned = overrides(args), None
    beside = Path(args.recipe) if args.recipe else find_beside(path)
    if beside is None:
        recipe, learned = learn(path, told)
    else:
        recipe = Recipe.load(beside)
        recipe = recipe.replace(dialect=recipe.dialect.replace(**told))
    recipe, learned = retyped(recipe, args.type, learned)
    if args.key:
        key = tuple(name.strip() for name in args.key.split(","))
        schema = replace(recipe.schema, primary_key=key)
        schema.validate()
        recipe = recipe.replace(schema=schema)
    return recipe, learned


def _paths(args: argparse.Namespace) -> tuple[Path, ...]:
    from core.reading.source import find_files

    return tuple(find_files(args.files))


def check_arguments(parser: argparse.ArgumentParser) -> None:
    _file_arguments(parser)
    parser.add_argument(
        "--accepted", metavar="CSV", help="write good rows here, as UTF-8, such as clean.csv"
    )
    parser.add_argument(
        "--refused", metavar="CSV", help="write bad rows here, with reasons, such as refused.csv"
    )


def check(args: argparse.Namespace) -> int:
    from core.checking.checker import check_file

    paths = _paths(args)
    if len(paths) > 1 and (args.accepted or args.refused):
        raise RecipeError("--accepted and --refused are for one file.", "Check one at a time.")
    accepted = Path(args.accepted) if args.accepted else None
    refused = Path(args.refused) if args.refused else None
    return _each(
        paths,
        args,
        lambda path, recipe: check_file(path, recipe, accepted=accepted, refused=refused),
    )


def load_arguments(parser: argparse.ArgumentParser) -> None:
    _file_arguments(parser)
    parser.add_argument(
        "--into", required=True, metavar="[DB.]COLLECTION", help="such as shop.orders"
    )
    parser.add_argument(
        "--mode",
        choices=("add", "update", "skip", "replace"),
        help="add rows (the usual), update or skip those whose --key is known, replace all",
    )
    parser.add_argument(
        "--nested", action="store_true", help="address.city becomes city in a document address"
    )
    again = parser.add_mutually_exclusive_group()
    again.add_argument("--resume", action="store_true", help="go on with an unfinished load")
    again.add_argument("--again", action="store_true", help="load a known file as a new one")
    parser.add_argument(
        "--dry-run", action="store_true", help="say what a load would do, and write nothing"
    )
    parser.add_argument(
        "--limit", type=count, metavar="N", help="only the first N records, such as 100 to try"
    )
    server_arguments(parser)


def load(args: argparse.Namespace) -> int:
    from core.loading.loader import load_file
    from core.loading.modes import check_place

    database, collection = _target(args)
    if database:
        check_place(database, collection)
    paths = _paths(args)
    changes: dict[str, Any] = {"collection": collection}
    changes |= {"mode": args.mode} if args.mode else {}
    changes |= {"nested": True} if args.nested else {}
    with connected(args, database) as store:

        def start(path: Path, recipe: "Recipe") -> Generator[LoadReport, None, None]:
            return load_file(
                path,
                recipe.replace(**changes),
                store,
                resume=args.resume,
                again=args.again,
                dry_run=args.dry_run,
                limit=args.limit,
            )

        return _each(paths, args, start)


def _target(args: argparse.Namespace) -> tuple[str, str]:
    if args.db:
        return args.db, args.into
    database, dot, collection = args.into.partition(".")
    if not dot and args.into.strip():
        return "", args.into
    if not database or not collection:
        raise RecipeError(f"“{args.into}” names no collection.", "Write DATABASE.COLLECTION.")
    return database, collection


def infer_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="such as orders.csv")
    parser.add_argument(
        "-o", "--output", metavar="R", help="such as orders.recipe.json, else stdout"
    )
    type_argument(parser)
    dialect_arguments(parser)


def infer(args: argparse.Namespace) -> int:
    path = Path(args.file)
    recipe, learned = learn(path, overrides(args))
    recipe, told = retyped(recipe, args.type, learned)
    _say(path, told.sentences() if told else ())
    if args.output:
        recipe.save(Path(args.output))
    else:
        print_json(recipe.to_descriptor())
    return OK


def _each(paths: Iterable[Path], args: argparse.Namespace, start: Start) -> int:
    """Each file by itself: one that fails is told and the others still run."""
    code, reports = OK, []
    first: tuple[str, Recipe] | None = None
    for path in paths:
        try:
            recipe, learned = _recipe(path, args)
            first = first or (path.name, recipe)
            apart = _apart(*first, recipe)
            _say(path, apart)
            report = _follow(path, start(path, recipe))
        except CoreError as error:
            where = "" if path.name in str(error) else f"{path.name}: "
            print(f"sluice: {where}{error}", file=sys.stderr)
            code = max(code, STOPPED if isinstance(error, LoadError | Busy) else WRONG)
            continue
        told = json_report(report) | {"detected": learned.to_json() if learned else None}
        reports.append(told | {"warnings": [*apart, *report.warnings]})
        code = max(code, _code(report))
        if learned is not None and report.state != "already-loaded":
            _say(path, learned.sentences())
        print(sentence(report, getattr(args, "dry_run", False)), file=sys.stderr)
        if report.state == "stopped":
            break
    if args.json and reports:
        print_json(reports[0] if len(reports) == 1 else reports)
    return code


def _apart(name: str, first: "Recipe", recipe: "Recipe") -> tuple[str, ...]:
    """A sentence where a file is of another shape than the first, with what can be done."""
    from core.recipes.drift import unlike

    said = unlike(first, recipe)
    if not said:
        return ()
    more = f" And {len(said) - MOST:,} more." if len(said) > MOST else ""
    return (
        f"unlike {name}: {' '.join(said[:MOST])}{more} "
        "--recipe reads all files alike; a file of another table is loaded by itself.",
    )


def _say(path: Path, sentences: Iterable[str]) -> None:
    for said in sentences:
        print(f"{path.name}: {said}", file=sys.stderr)


def _follow(path: Path, work: Generator[LoadReport, None, None]) -> LoadReport:
    """Runs to the end, or after Ctrl-C to the end of a whole batch."""
    report = LoadReport(load=None, file=path.name)
    with Progress(path.name) as progress, Stop() as stop:
        try:
            for report in work:
                progress.show(report)
                if stop.asked and report.state == "running":
                    return replace(report, state="stopped")
        finally:
            work.close()
    return report


def _code(report: LoadReport) -> int:
    if report.state in ("stopped", "failed"):
        return STOPPED
    return HELD if report.quarantined and report.state != "already-loaded" else OK
