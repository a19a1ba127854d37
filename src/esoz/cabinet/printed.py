"""The printed form of a document, which comes as HTML, read as headings, rows and paragraphs: its markup stays out."""

from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Literal

_SILENT = frozenset({"head", "script", "style", "title", "template"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BREAKS = frozenset({"p", "div", "li", "br", "tr", "td", "th", "table", "section", "ul", "ol", "dl", "dt", "dd"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the form; `name` is what stands before the text in a row of a table."""

    kind: Literal["title", "heading", "row", "text"]
    text: str
    name: str = ""


def lines(html: str) -> Sequence[Line]:
    """All that a reader would see, in its order; text without markup is one line for each line of it."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Line] = []
        self._text = ""
        self._name = ""
        self._kind: Literal["title", "heading", "row", "text"] = "text"
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in _HEADINGS:
            self.end()
            self._kind = "title" if tag == "h1" else "heading"
        elif tag in ("td", "dd") and self._name:
            self._text, self._kind = "", "row"
        elif tag in _BREAKS:
            self.end()

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(self._silent - 1, 0)
        elif tag in ("th", "dt"):
            self._name, self._text = _squeezed(self._text), ""
        elif tag in _HEADINGS or tag in _BREAKS:
            self.end()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._text += data

    def end(self) -> None:
        """The line is over."""
        text = _squeezed(self._text)
        if text:
            self.found.append(Line(self._kind, text, self._name if self._kind == "row" else ""))
        if text or self._kind != "row":
            self._kind, self._name = "text", "" if text else self._name
        self._text = ""


def _squeezed(text: str) -> str:
    return " ".join(text.split())
