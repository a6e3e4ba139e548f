"""Held rows that come back as a file, known by the columns that the export gave them."""

from pathlib import Path

from core import quarantine
from core.loading.loader import load_file
from core.quarantine.returning import ADDED, ours, returned, way_back, without
from core.reading.dialect import Dialect
from core.reading.source import Source
from core.recipes.recipe import Recipe, infer
from core.store import Store
from tests.core.held.orders import DESCRIPTOR, HELD, held, last


def source(path: Path) -> Source:
    return Source(path, infer(path).dialect)


def exported(store: Store, load: str | None, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "renamed.csv"
    quarantine.export(store, path, load)
    return path


def test_our_columns_are_told_from_those_a_file_has_itself() -> None:
    assert ours(("id", *ADDED)) == ADDED
    assert ours(("_record", "id", "_load")) == ("_record", "_load")
    added = ("_file", "__line", "_reasons", "_problems", "_raw", "_record", "_load")
    assert ours(("id", "_line", *added)) == added
    assert ours(("id", "_line", "_load")) == ()
    assert ours(("id", "record", "load")) == ()


def test_an_export_says_how_many_are_held_still_and_which_recipe_is_theirs(
    store: Store, load: str, tmp_path: Path
) -> None:
    path = exported(store, load, tmp_path / "back")
    home = returned(source(path), store)
    assert home is not None
    assert (home.rows, home.held) == (HELD, HELD)
    assert [one.id for one in home.loads] == [load]
    assert "what nobody changed stays held" in home.sentence
    records = [one.id for one in held(store, load).values()]
    quarantine.discard(store, records[:2], "wrong")
    home = returned(source(path), store)
    assert home is not None
    assert home.held == HELD - 2
    assert f"where {HELD - 2} still wait:" in home.sentence
    quarantine.discard(store, records[2:], "wrong")
    home = returned(source(path), store)
    assert home is not None
    assert "loaded or discarded since" in home.sentence


def test_rows_of_several_recipes_come_back_without_one(
    store: Store, load: str, tmp_path: Path
) -> None:
    other = tmp_path / "mai.csv"
    other.write_text("id,size\n1,2\n2,zwo\n")
    fields = [{"name": "id"}, {"name": "size", "type": "integer"}]
    second = Recipe.from_descriptor({**DESCRIPTOR, "name": "mai", "schema": {"fields": fields}})
    last(load_file(other, second, store))
    home = returned(source(exported(store, None, tmp_path / "back")), store)
    assert home is not None
    assert (home.rows, len(home.loads), home.recipe) == (HELD + 1, 2, None)


def test_a_file_whose_load_the_ledger_does_not_know_is_any_file(
    store: Store, load: str, tmp_path: Path
) -> None:
    path = tmp_path / "own.csv"
    path.write_text(f"id,_record,_load\n1,{'a' * 24},{'b' * 24}\n2,x,y\n")
    assert returned(source(path), store) is None


def test_the_way_back_keeps_decisions_and_leaves_our_columns_out(recipe: Recipe) -> None:
    back = way_back(recipe.replace(mode="replace"), "b.csv", Dialect(delimiter="\t"), ADDED)
    assert (back.mode, back.path, back.dialect.delimiter) == ("add", "b.csv", "\t")
    assert back.schema.names == (*recipe.schema.names, *ADDED)
    assert [field.name for field in back.schema.fields if field.drop] == [*ADDED]
    assert without(back, ADDED) == back
