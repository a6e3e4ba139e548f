"""check, load and infer: the commands that read files."""

import argparse
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.batch import LoadReport
from core.cli.command import OK, connected, count, json_argument, print_json, server_arguments
from core.cli.dialects import (
    Learned,
    dialect_arguments,
    learn,
    overrides,
    retyped,
    type_argument,
)
from core.cli.quarantine import come_back
from core.cli.running import each, say
from core.errors import RecipeError

if TYPE_CHECKING:  # a command loads only what it needs
    from core.recipes.recipe import Recipe


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
    json_argument(parser, "one JSON object for one FILE; a list for several, a folder or a glob;")
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
    if args.key is not None:
        key = tuple(name.strip() for name in args.key.split(","))
        schema = replace(recipe.schema, primary_key=key)
        schema.validate()
        recipe = recipe.replace(schema=schema)
    return recipe, learned


def _paths(args: argparse.Namespace) -> tuple[Path, ...]:
    from core.reading.files import find_files, unreadable

    try:
        return tuple(find_files(args.files))
    except OSError as error:  # a name that no file can have
        raise unreadable(Path(str(error.filename)), error) from error


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

    def start(path: Path, recipe: "Recipe") -> Generator[LoadReport, None, None]:
        return check_file(path, recipe, accepted=accepted, refused=refused)

    return each(paths, args, _recipe, start)


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
            recipe, work = come_back(store, path, recipe, collection, args)
            recipe = recipe.replace(**changes)
            if recipe.mode == "replace" and len(paths) > 1 and not work:
                raise RecipeError(
                    f"Of {len(paths)} files, each would replace what the one before has loaded.",
                    "Replace with one file, and add the others.",
                )
            return work or load_file(
                path,
                recipe,
                store,
                resume=args.resume,
                again=args.again,
                dry_run=args.dry_run,
                limit=args.limit,
            )

        def stopped(report: LoadReport) -> LoadReport:
            """With what was written since that report, to the end of a batch."""
            entry = store.loads.get(report.load) if report.load else None
            words = ("records", "accepted", "quarantined", "skipped")
            outcomes = ("inserted", "changed", "unchanged")
            counts = entry.counts if entry else {}
            told: dict[str, Any] = {w: counts[w] for w in (*words, *outcomes) if w in counts}
            return replace(report, **told)

        return each(paths, args, _recipe, start, stopped)


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
    say(path, told.sentences() if told else ())
    if args.output:
        recipe.save(Path(args.output))
    else:
        print_json(recipe.to_descriptor())
    return OK
