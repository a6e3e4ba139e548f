# ruff: noqa: E501 - one case a line reads as a table
"""The conformance table: small files beside what a faithful reader makes of them.

`~` in an expected cell is an empty cell without quotes. `refused` maps record numbers to the code;
`lines` are the first physical lines of the good rows.
"""

from dataclasses import dataclass, field

from core.reading.dialect import Dialect

N = None


@dataclass(frozen=True)
class Case:
    name: str
    raw: bytes
    rows: list[tuple[str | None, ...]]
    lines: list[int]
    refused: dict[int, str] = field(default_factory=dict)
    names: tuple[str, ...] = ("a", "b")
    dialect: Dialect = field(default_factory=Dialect)
    blank: int = 0
    kinds: tuple[str, ...] = ()  # of the ledger, where the case is about it


def d(**changes: object) -> Dialect:
    return Dialect().replace(**changes)


CASES = [
    Case("plain", b"a,b\n1,2\n3,4\n", [("1", "2"), ("3", "4")], [2, 3]),
    Case("no line end at the end", b"a,b\n1,2", [("1", "2")], [2]),
    Case("CRLF", b"a,b\r\n1,2\r\n", [("1", "2")], [2]),
    Case("CR", b"a,b\r1,2\r3,4\r", [("1", "2"), ("3", "4")], [2, 3]),
    Case("mixed line ends", b"a,b\r\n1,2\n3,4\r5,6", [("1", "2"), ("3", "4"), ("5", "6")], [2, 3, 4]),
    Case("byte order mark", b"\xef\xbb\xbfa,b\n1,2\n", [("1", "2")], [2], kinds=("bom", "header", "record")),
    Case("quoted line end", b'a,b\n"x\ny",2\n3,4\n', [("x\ny", "2"), ("3", "4")], [2, 4]),
    Case("quoted CRLF is kept", b'a,b\r\n"x\r\ny",2\r\n', [("x\r\ny", "2")], [2]),
    Case("quoted delimiter", b'a,b\n"x,y",2\n', [("x,y", "2")], [2]),
    Case("doubled quotes", b'a,b\n"say ""hi""",2\n""" ",""""\n', [('say "hi"', "2"), ('" ', '"')], [2, 3]),
    Case("empty quoted is text, empty unquoted is none", b'a,b\n"",\n,""\n', [("", N), (N, "")], [2, 3]),
    Case("inch mark is text", b'a,b\n5" pipe,2\n6,7"\n', [('5" pipe', "2"), ("6", '7"')], [2, 3]),
    Case("inch mark in rows of several lines", b'a,b\n"x\ny",1\n5",2\n"u\nv","w\nz"\n6,7"\n"p\nq",8\n', [("x\ny", "1"), ('5"', "2"), ("u\nv", "w\nz"), ("6", '7"'), ("p\nq", "8")], [2, 4, 5, 8, 9]),
    Case("refused among rows of several lines", b'a,b\n"x\ny",1\n"z"q,2\n"u\nv",3\n4\n"p\nq",5\n', [("x\ny", "1"), ("u\nv", "3"), ("p\nq", "5")], [2, 5, 8], {2: "quote-error", 4: "missing-cell"}),
    Case("inch marks around a quoted line end", b'a,b\n5",1\n"x\n6",y\n', [('5"', "1"), ("x\n6", "y")], [2, 3]),
    Case("text after a quote", b'a,b\n"x"q,2\n3,4\n', [("3", "4")], [3], {1: "quote-error"}),
    Case("space after a quote", b'a,b\n"x" ,2\n3,4\n', [("3", "4")], [3], {1: "quote-error"}),
    Case("space before a quote is text", b'a,b\n "x",2\n', [(' "x"', "2")], [2]),
    Case("too few cells", b"a,b\n1\n3,4\n", [("3", "4")], [3], {1: "missing-cell"}),
    Case("too many cells", b"a,b\n1,2,3\n3,4\n", [("3", "4")], [3], {1: "extra-cell"}),
    Case("row of delimiters", b"a,b\n,\n3,4\n", [("3", "4")], [3], {1: "blank-row"}),
    Case("row of too many delimiters", b"a,b\n,,,,\n3,4\n", [("3", "4")], [3], {1: "blank-row"}),
    Case("quoted empties are a record", b'a,b\n"",""\n', [("", "")], [2]),
    Case("blank lines", b"a,b\n\n1,2\n  \t\n\n3,4\n\n", [("1", "2"), ("3", "4")], [3, 6], blank=4),
    Case("blank lines with CRLF", b"a,b\r\n\r\n1,2\r\n", [("1", "2")], [3], blank=1),
    Case("doubled carriage returns", b"a,b\r\r\n1,2\r\r\n", [("1", "2")], [3], blank=2),
    Case("white lines of a wide space", "a,b\n\u3000\u00a0\n1,2\n".encode(), [("1", "2")], [3], blank=1),
    Case("one column", b'a\n1\n\n""\n2\n', [("1",), ("",), ("2",)], [2, 4, 5], names=("a",), blank=1),
    Case("one column, white line", b'a\n  \n"  "\n', [("  ",)], [3], names=("a",), blank=1),
    Case("quote never closes", b'a,b\n1,2\n"x,3\n4,5\n6,7\n', [("1", "2"), ("4", "5"), ("6", "7")], [2, 4, 5], {2: "unterminated-quote"}),
    Case("quote never closes, on the last line", b'a,b\n1,2\n3,"x', [("1", "2")], [2], {2: "unterminated-quote"}),
    Case("quote never closes before quoted cells", b'a,b\n"x,3\n"4","5"\n6,7\n', [("4", "5"), ("6", "7")], [3, 4], {1: "unterminated-quote"}),
    Case("two quotes that never close", b'a,b\n"x,3\n4,5\n"y,6\n7,8\n', [("4", "5"), ("7", "8")], [3, 5], {1: "unterminated-quote", 3: "unterminated-quote"}),
    Case("broken text over lines is one refusal", b'a,b,c\n1,"x\nmore text\nand more\n2,3,4\n', [("2", "3", "4")], [5], {1: "unterminated-quote"}, ("a", "b", "c")),
    Case("a stray quote does not swallow ten rows", b'a,b\n1,"x\n' + b"".join(b"%d,y\n" % n for n in range(2, 12)) + b'12,z"\n13,w\n', [*((str(n), "y") for n in range(2, 12)), ("12", 'z"'), ("13", "w")], list(range(3, 15)), {1: "unterminated-quote"}),
    Case("a long text of many lines is one cell", b'a,b\n1,"' + b"some text, and more\n" * 30 + b'end"\n2,3\n', [("1", "some text, and more\n" * 30 + "end"), ("2", "3")], [2, 33]),
    Case("NUL is text", b"a,b\nx\0y,2\n", [("x\0y", "2")], [2]),
    Case("bytes that are no text", b"a,b\n1,x\n2,\xff\xfe\n3,y\n", [("1", "x"), ("3", "y")], [2, 4], {2: "encoding-error"}),
    Case("bytes that are no text, in a quoted line", b'a,b\n"x\n\xff",2\n3,y\n', [("3", "y")], [4], {1: "encoding-error"}),
    Case("half a character at the end", "a,b\n1,é".encode()[:-1], [], [], {1: "encoding-error"}),
    Case("surrogates and overlong forms", b"a,b\n\xed\xa0\x80,1\n\xc0\xaf,2\n\xf4\x90\x80\x80,3\n1,2\n", [("1", "2")], [5], {1: "encoding-error", 2: "encoding-error", 3: "encoding-error"}),
    Case("a mark in the middle is text", b"a,b\n\xef\xbb\xbfx,2\n", [("\ufeffx", "2")], [2]),
    Case("names twice, empty, dotted, with $", b"a,,a,a.b,$x\n1,2,3,4,5\n", [("1", "2", "3", "4", "5")], [2], names=("a", "field2", "a_2", "a.b", "$x")),
    Case("name taken by another column", b"a,a,a_2\n1,2,3\n", [("1", "2", "3")], [2], names=("a", "a_3", "a_2")),
    Case("long name", b"a" * 1000 + b",b\n1,2\n", [("1", "2")], [2], names=("a" * 1000, "b")),
    Case("quoted name with a line end", b'"a\nx",b\n1,2\n', [("1", "2")], [3], names=("a\nx", "b")),
    Case("name with a stray quote", b'a,"b\n1,2\n', [("1", "2")], [2], names=("a", '"b')),
    Case("header only", b"a,b\n", [], []),
    Case("header only, without line end", b"a,b", [], []),
    Case("no header", b"1,2\n3,4\n", [("1", "2"), ("3", "4")], [1, 2], names=("field1", "field2"), dialect=d(header=False)),
    Case("preamble", b"Report\n\na,b\n1,2\n", [("1", "2")], [4], dialect=d(header_rows=(3,)), kinds=("preamble", "preamble", "header", "record")),
    Case("two header rows", b"a,b\n(m),(s)\n1,2\n", [("1", "2")], [3], names=("a (m)", "b (s)"), dialect=d(header_rows=(1, 2))),
    Case("header rows with one between", b"a,b\nskip\nx,y\n1,2\n", [("1", "2")], [4], names=("a x", "b y"), dialect=d(header_rows=(1, 3))),
    Case("comments", b"# first\na,b\n# second, too\n1,2\n", [("1", "2")], [4], dialect=d(comment_char="#", header_rows=(2,)), kinds=("comment", "header", "comment", "record")),
    Case("a comment mark inside a quoted cell", b'a,b\n"x\n#y",2\n', [("x\n#y", "2")], [2], dialect=d(comment_char="#")),
    Case("comment rows by number", b"a,b\nunits,x,y\n1,2\n", [("1", "2")], [3], dialect=d(comment_rows=(2,))),
    Case("footer", b"a,b\n1,2\nTotal,1\nEnd\n", [("1", "2")], [2], dialect=d(footer_rows=2), kinds=("header", "record", "footer")),
    Case("more footer than file", b"a,b\n1,2\n", [], [], dialect=d(footer_rows=9)),
    Case("semicolon", b"a;b\n1,5;2\n", [("1,5", "2")], [2], dialect=d(delimiter=";")),
    Case("pipe", b"a|b\n1|\"x|y\"\n", [("1", "x|y")], [2], dialect=d(delimiter="|")),
    Case("colon", b"a:b\n1:/x\n", [("1", "/x")], [2], dialect=d(delimiter=":")),
    Case("a control character", b"a\x01b\n1\x012,3\n", [("1", "2,3")], [2], dialect=d(delimiter="\x01")),
    Case("sep= line", b"sep=;\na;b\n1;2\n", [("1", "2")], [3], dialect=d(delimiter=";", header_rows=(2,)), kinds=("preamble", "header", "record")),
    Case("several characters", b"a||b\n1|||2\n\"x\"||y\n", [("1", "|2"), ("x", "y")], [2, 3], dialect=d(delimiter="||")),
    Case("a delimiter beyond ASCII", "a§b\n1§2\n".encode(), [("1", "2")], [2], dialect=d(delimiter="§")),
    Case("tab, rows of tabs", b"a\tb\n\t\n1\t2\n", [("1", "2")], [3], {1: "blank-row"}, dialect=d(delimiter="\t")),
    Case("space", b"a b\n1 2\n", [("1", "2")], [2], dialect=d(delimiter=" ")),
    Case("single quotes", b"a,b\n'x,y','it''s'\n\"z\",2\n", [("x,y", "it's"), ('"z"', "2")], [2, 3], dialect=d(quote_char="'")),
    Case("no quotes", b'a,b\n"x,2\n"y","z"\n', [('"x', "2"), ('"y"', '"z"')], [2, 3], dialect=d(quote_char=None)),
    Case("backslash", b'a,b\n"say \\"hi\\", you",2\nx\\,y,3\n', [('say "hi", you', "2"), ("x,y", "3")], [2, 3], dialect=d(escape_char="\\", double_quote=False)),
    Case("backslash before a line end", b"a,b\nx\\\ny,2\n3,4\n", [("x\ny", "2"), ("3", "4")], [2, 4], dialect=d(escape_char="\\", quote_char=None)),
    Case("backslash N is not N", b"a,b\n\\N,2\n", [("\\N", "2")], [2], dialect=d(escape_char="\\")),
    Case("space after the delimiter", b'a, b\n1, "x, y"\n 2,  3\n', [("1", "x, y"), ("2", "3")], [2, 3], dialect=d(skip_initial_space=True)),
    Case("LF alone ends lines", b"a,b\n1\r,2\n", [("1\r", "2")], [2], dialect=d(line_terminator="\n")),
    Case("CRLF alone ends lines", b"a,b\r\n1\n,2\r\nx\ry,4\r\n", [("1\n", "2"), ("x\ry", "4")], [2, 3], dialect=d(line_terminator="\r\n")),
    Case("Windows-1252", "a,b\r\n€,é\r\n".encode("cp1252"), [("€", "é")], [2], dialect=d(encoding="cp1252")),
    Case("Windows-1250", "a,b\nŁódź,ž\n".encode("cp1250"), [("Łódź", "ž")], [2], dialect=d(encoding="cp1250")),
    Case("Windows-1251", "a,b\nМосква,щ\n".encode("cp1251"), [("Москва", "щ")], [2], dialect=d(encoding="cp1251")),
    Case("ISO-8859-2", "a,b\nŁódź,ž\n".encode("iso8859-2"), [("Łódź", "ž")], [2], dialect=d(encoding="iso8859-2")),
    Case("a byte Windows-1252 lacks", b"a,b\n\x81,1\n\xe9,2\n", [("é", "2")], [3], {1: "encoding-error"}, dialect=d(encoding="cp1252")),
    Case("UTF-16 with mark", "\ufeffa,b\r\n1,é\r\n\"x\r\ny\",2\r\n3,4".encode("utf-16-le"), [("1", "é"), ("x\r\ny", "2"), ("3", "4")], [2, 3, 5], dialect=d(encoding="utf-16")),
    Case("UTF-16 big end first", "a,b\n1,語\n".encode("utf-16-be"), [("1", "語")], [2], dialect=d(encoding="utf-16-be")),
    Case("UTF-16 with half a pair", "a,b\n1,".encode("utf-16-le") + b"\x00\xd8" + "\n3,4\n".encode("utf-16-le"), [("3", "4")], [3], {1: "encoding-error"}, dialect=d(encoding="utf-16-le")),
    Case("UTF-16 with half a character", "a,b\n1,2\n3,4".encode("utf-16-le") + b"x", [("1", "2")], [2], {2: "encoding-error"}, dialect=d(encoding="utf-16-le")),
    Case("UTF-16 out of step", b"a\0b\0\r\0" + b"\0x\0\\\0\r\0\n\0", [], [], {1: "encoding-error"}, ("ab",), d(encoding="utf-16-le", line_terminator="\r")),
    Case("Shift-JIS with a backslash byte", "a,b\n表,ソ\n".encode("shift_jis"), [("表", "ソ")], [2], dialect=d(encoding="shift_jis", escape_char="\\")),
    Case("Shift-JIS with a pipe byte", "a|b\nポ|2\n".encode("cp932"), [("ポ", "2")], [2], dialect=d(encoding="cp932", delimiter="|")),
    Case("Shift-JIS, broken before the line end", "a,b\n1,東\n".encode("cp932")[:-2] + b"\n3,4\n", [("3", "4")], [3], {1: "encoding-error"}, dialect=d(encoding="cp932")),
    Case("GB18030, four bytes", "a,b\n😀,㐀\n".encode("gb18030"), [("😀", "㐀")], [2], dialect=d(encoding="gb18030")),
]  # fmt: skip
