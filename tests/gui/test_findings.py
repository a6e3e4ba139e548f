"""Where the problems of a file stand: what F8 walks and the filter shows."""

from core.batch import LoadReport, Problem
from gui.load.findings import Findings, sort_out
from gui.load.walk import place, step

NAMES = ("a", "b", "c")


def _problem(record: int, name: str | None, code: str = "type-error") -> Problem:
    return Problem(record, record + 1, name, code, "x", "wrong")


def _findings(*problems: Problem) -> Findings:
    result = Findings()
    cells: dict[tuple[str | None, str, str], int] = {}
    for one in problems:
        kind = (one.field, one.code, one.rule)
        cells[kind] = cells.get(kind, 0) + 1
    result.add(sort_out(LoadReport(None, "f.csv", cells=cells, problems=problems)))
    return result


FEW = (_problem(9, "b"), _problem(2, "c"), _problem(2, "a"), _problem(5, None, "extra-cell"))


def test_problems_are_walked_in_reading_order_and_round_at_the_end() -> None:
    spots = _findings(*FEW).spots(None, NAMES)
    assert list(spots) == [(2, 0), (2, 2), (5, 0), (9, 1)]
    assert step(spots, (2, 0), True) == 1
    assert step(spots, (9, 1), True) == 0
    assert step(spots, (2, 0), False) == 3
    assert place(spots, (5, 0)) == 2
    assert place(spots, (5, 1)) is None


def test_one_kind_is_walked_by_itself() -> None:
    findings = _findings(*FEW)
    assert list(findings.spots(("b", "type-error", ""), NAMES)) == [(9, 1)]
    assert findings.records(("c", "type-error", "")).tolist() == [2]
    assert findings.records().tolist() == [2, 5, 9]


def test_an_edited_record_has_its_new_problems_and_the_counts_follow() -> None:
    findings = _findings(*FEW)
    findings.spots(None, NAMES)
    findings.replace(2, [_problem(2, "b")])
    assert list(findings.spots(None, NAMES)) == [(2, 1), (5, 0), (9, 1)]
    assert findings.kinds == {("b", "type-error", ""): 2, (None, "extra-cell", ""): 1}
    assert [one.record for one in findings.problems(("b", "type-error", ""))] == [2, 9]


def test_an_edit_leaves_what_is_known_of_other_kinds() -> None:
    """Of 100,000 problems in 20 columns an edit of one cell gathers one column's anew."""
    findings = _findings(*FEW)
    before = findings.records(("b", "type-error", ""))
    findings.replace(2, [])
    assert findings.records(("b", "type-error", "")) is before
    assert findings.records().tolist() == [5, 9]


def test_old_findings_let_go_of_their_problems() -> None:
    findings = _findings(*FEW)
    for _ in findings.shed():
        pass
    assert not findings.by_record
    assert findings.problems(("b", "type-error", "")) == []
