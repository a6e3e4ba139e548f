"""Files that are written whole or not at all."""

import os
from pathlib import Path

import pytest

from core.drafts import drafted


def test_a_draft_takes_no_file_that_is_there(tmp_path: Path) -> None:
    mine = tmp_path / "x.csv.tmp"
    mine.write_text("mine")
    with drafted(tmp_path / "x.csv") as one, drafted(tmp_path / "x.csv") as other:
        one.write_text("one")
        other.write_text("other")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "x.csv.tmp": "mine",
        "x.csv": "one",
    }


def test_what_fails_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "x.csv"
    target.write_text("before")

    def fail() -> None:
        with drafted(target) as draft:
            draft.write_text("half")
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    assert [path.read_text() for path in tmp_path.iterdir()] == ["before"]


def test_a_name_may_be_as_long_as_the_system_takes(tmp_path: Path) -> None:
    target = tmp_path / ("x" * 255)
    with drafted(target) as draft:
        draft.write_text("whole")
    assert target.read_text() == "whole"


def test_a_device_is_written_to_and_a_link_followed(tmp_path: Path) -> None:
    with drafted(Path(os.devnull)) as draft:
        assert draft == Path(os.devnull)
    target, link = tmp_path / "x.csv", tmp_path / "link.csv"
    link.symlink_to(target)
    with drafted(link) as draft:
        draft.write_text("whole")
    assert (target.read_text(), link.is_symlink()) == ("whole", True)
