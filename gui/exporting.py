"""Where an export goes and as what kind of file: asked by a dialog that does not block."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget


class Kind(NamedTuple):
    """A kind of file; `safe` cells are guarded against being run by a spreadsheet."""

    words: str
    suffix: str
    safe: bool = False


CSV = (
    Kind("CSV files (*.csv)", "csv"),
    Kind("CSV safe to open in a spreadsheet (*.csv)", "csv", safe=True),
)
EXPORTS = (*CSV, Kind("JSON lines (*.jsonl)", "jsonl"), Kind("Parquet (*.parquet)", "parquet"))


def ask_file(
    parent: QWidget,
    title: str,
    name: str,
    kinds: Sequence[Kind],
    then: Callable[[str, bool], None],
) -> None:
    """`then(path, safe)` once a file is chosen."""
    offered = {QCoreApplication.translate("exports", kind.words): kind for kind in kinds}
    dialog = QFileDialog(parent, title, name)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(list(offered))
    dialog.filterSelected.connect(lambda words: dialog.setDefaultSuffix(offered[words].suffix))
    dialog.setDefaultSuffix(kinds[0].suffix)
    dialog.fileSelected.connect(lambda path: then(path, offered[dialog.selectedNameFilter()].safe))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
