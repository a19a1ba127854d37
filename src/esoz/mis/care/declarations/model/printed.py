"""The printed form that comes with a declaration: somebody else's HTML, of which its texts and tables are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from importlib.resources import files

from esoz.kernel.printing import Text, typeset

TEMPLATE = files("esoz.mis.care.declarations.model").joinpath("declaration.typ").read_bytes()
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "caption"})
BLOCKS = HEADINGS | {"p", "div", "li", "ul", "ol", "dl", "dt", "dd", "section", "article", "br", "hr", "body"}
UNREAD = frozenset({"script", "style", "head", "title", "template", "noscript", "iframe", "object", "svg"})


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, or rows of a table; `level` is that of a heading, 0 of a text."""

    text: str = ""
    level: int = 0
    rows: Sequence[Sequence[str]] = ()


class _Reader(HTMLParser):
    """Walks through the form; what is open at its end counts as closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.rows: list[list[str]] = []
        self.words: list[str] = []
        self.level = self.tables = self.unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNREAD:
            self.unread += 1
        elif tag == "table":
            self._end_text()
            self.tables += 1
        elif tag == "tr" and self.tables:
            self._end_cell()
            self.rows.append([])
        elif tag in {"td", "th"} and self.tables:
            self._end_cell()
        elif tag in BLOCKS and not self.tables:
            self._end_text()
            self.level = int(tag[1]) if tag[1:].isdecimal() else self.level

    def handle_endtag(self, tag: str) -> None:
        if tag in UNREAD:
            self.unread = max(self.unread - 1, 0)
        elif tag == "table" and self.tables:
            self._end_cell()
            self.tables -= 1
            if not self.tables:
                self._end_table()
        elif tag in {"td", "th", "tr"} and self.tables:
            self._end_cell()
        elif tag in BLOCKS and not self.tables:
            self._end_text()

    def handle_data(self, data: str) -> None:
        if not self.unread:
            self.words.append(data)

    def close(self) -> None:
        super().close()
        if self.tables:
            self._end_cell()
            self._end_table()
        self._end_text()

    def _taken(self) -> str:
        text = " ".join("".join(self.words).split())
        self.words = []
        return text

    def _end_text(self) -> None:
        if text := self._taken():
            self.blocks.append(Block(text, self.level))
        self.level = 0

    def _end_cell(self) -> None:
        if text := self._taken():
            if not self.rows:
                self.rows.append([])
            self.rows[-1].append(text)

    def _end_table(self) -> None:
        if rows := [row for row in self.rows if row]:
            self.blocks.append(Block(rows=rows))
        self.rows, self.tables = [], 0


def read_form(content: str) -> list[Block]:
    """The form in the order of its text: every word of it, and nothing that runs, loads or leads anywhere."""
    reader = _Reader()
    reader.feed(content)
    reader.close()
    return reader.blocks


def as_pdf(content: str, number: str) -> bytes:
    """The form on paper, for the patient's signature."""
    blocks: list[Text] = [
        {"text": each.text, "level": str(each.level), "rows": [list(row) for row in each.rows]}
        for each in read_form(content)
    ]
    return typeset(TEMPLATE, {"number": number, "blocks": blocks})
