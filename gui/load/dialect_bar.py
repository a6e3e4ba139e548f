"""How the file is read, each part changeable; the sheet below follows at once."""

from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QWidget

from core.reading.dialect import Dialect
from gui.layout import row
from gui.load.choice import Choice, Choices
from gui.widgets import label

ENCODINGS: Choices = tuple(
    (name, name)
    for name in (
        "utf-8",
        "utf-8-sig",
        "cp1252",
        "iso-8859-1",
        "iso-8859-15",
        "cp1250",
        "cp1251",
        "cp437",
        "mac-roman",
        "utf-16",
        "shift_jis",
        "gb18030",
        "big5",
    )
)
DELIMITERS: Choices = (
    (",  comma", ","),
    (";  semicolon", ";"),
    ("tab", "\t"),
    ("|  bar", "|"),
    ("space", " "),
    (":  colon", ":"),
)
QUOTES: Choices = (('"  double', '"'), ("'  single", "'"), ("none", None))
SIGNS = ("#", "//", ";", "%")
COMMENTS: Choices = (("no comments", None), *((f"{sign}  comments", sign) for sign in SIGNS))
NUMBERS: Choices = (
    ("1234.50", (".", None)),
    ("1,234.50", (".", ",")),
    ("1234,50", (",", None)),
    ("1.234,50", (",", ".")),
    ("1 234,50", (",", " ")),
    ("1'234.50", (".", "'")),
)
HEADERS: Choices = (("none", 0), *((f"line {n}", n) for n in range(1, 11)))
NAMED, NAMED_ALL = 860, 1120  # px of the page, from which the choices stand beside their names
DATES: Choices = (("by column", None), ("d/m/y", "dmy"), ("m/d/y", "mdy"), ("y/m/d", "ymd"))


class DialectBar(QFrame):
    """`changed(changes)`: a dict of Dialect's own names; changes nothing itself."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "bar")
        self.setFixedHeight(44)
        self.encoding = Choice(self.tr("Encoding"), ENCODINGS, 104)
        self.delimiter = Choice(self.tr("Delimiter"), DELIMITERS, 112)
        self.quote = Choice(self.tr("Quote"), QUOTES, 96)
        self.numbers = Choice(self.tr("Numbers"), NUMBERS, 100)
        self.dates = Choice(self.tr("Dates"), DATES, 108)
        self.header = Choice(self.tr("Header"), HEADERS, 88)
        self.comments = Choice(self.tr("Comments"), COMMENTS, 132)
        self.header.picked.connect(self._header)
        self.comments.picked.connect(self._comments)
        self.encoding.picked.connect(self._encoding)
        self.delimiter.picked.connect(self._delimiter)
        self.quote.picked.connect(self._quote)
        self.numbers.picked.connect(self._numbers)
        self.dates.picked.connect(self._dates)
        parts: list[Any] = []
        self.labels: list[QWidget] = []
        for words, widget in (
            (self.tr("Encoding"), self.encoding),
            (self.tr("Delimiter"), self.delimiter),
            (self.tr("Quote"), self.quote),
            (self.tr("Header"), self.header),
            (self.tr("Numbers"), self.numbers),
            (self.tr("Dates"), self.dates),
        ):
            self.labels.append(label(words, "small"))
            parts += [self.labels[-1], widget, 2]
        self.comments_label, self._width = label(self.tr("Comments"), "small"), 0
        parts += [self.comments_label, self.comments]
        self.setLayout(row(*parts, None, gap=5, pad=(16, 0, 16, 0)))

    def fit(self, width: int) -> None:
        """Where room is short each choice speaks for itself; its name is in the tooltip."""
        self._width = width
        named = width >= (NAMED if self.comments.isHidden() else NAMED_ALL)
        for words in self.labels:
            words.setVisible(named)
        self.comments_label.setVisible(named and not self.comments.isHidden())

    def show_dialect(self, dialect: Dialect) -> None:
        """Comments are a question only where lines have been left out."""
        self.encoding.show_value(dialect.encoding)
        self.delimiter.show_value(dialect.delimiter)
        self.quote.show_value(dialect.quote_char)
        decimal, group = dialect.decimal_char, dialect.group_char
        self.numbers.show_value((decimal, group), f"1{group or ''}234{decimal}50")
        self.dates.show_value(dialect.date_order)
        self.comments.show_value(dialect.comment_char, f"{dialect.comment_char}  comments")
        line = dialect.header_rows[0] if dialect.header else 0
        self.comments.setVisible(bool(dialect.comment_char or dialect.comment_rows or line > 1))
        self.fit(self._width)
        self.header.show_value(line, self.tr("line {0}").format(line))

    @Slot(object)
    def _encoding(self, value: str) -> None:
        self.changed.emit({"encoding": value})

    @Slot(object)
    def _delimiter(self, value: str) -> None:
        self.changed.emit({"delimiter": value})

    @Slot(object)
    def _quote(self, value: str | None) -> None:
        self.changed.emit({"quote_char": value})

    @Slot(object)
    def _numbers(self, value: tuple[str, str | None]) -> None:
        self.changed.emit({"decimal_char": value[0], "group_char": value[1]})

    @Slot(object)
    def _dates(self, value: str | None) -> None:
        self.changed.emit({"date_order": value})

    @Slot(object)
    def _comments(self, value: str | None) -> None:
        self.changed.emit({"comment_char": value})

    @Slot(object)
    def _header(self, line: int) -> None:
        if line:
            self.changed.emit({"header": True, "header_rows": (line,)})
        else:
            self.changed.emit({"header": False})
