"""The printed form of a declaration, as central wrote it, for a page of ours: known elements only, no attributes."""

from html import escape
from html.parser import HTMLParser

from markupsafe import Markup

# Element of the form → how it stands on the page, below its only h1.
ELEMENTS = {
    "h1": '<h2 class="govuk-heading-m">',
    "h2": '<h3 class="govuk-heading-s">',
    "p": '<p class="govuk-body">',
    "strong": "<strong>",
    "table": '<table class="govuk-table">',
    "tr": '<tr class="govuk-table__row">',
    "th": '<th scope="row" class="govuk-table__header">',
    "td": '<td class="govuk-table__cell">',
}
ENDS = {"h1": "</h2>", "h2": "</h3>"}
SILENT = frozenset({"title", "style", "script"})  # their text is none of the form


class _Shown(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.open: list[str] = []
        self.is_silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.is_silent = self.is_silent or tag in SILENT
        if tag in ELEMENTS:
            self.parts.append(ELEMENTS[tag])
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.is_silent = self.is_silent and tag not in SILENT
        if tag not in self.open:
            return
        while (closed := self.open.pop()) != tag:
            self.parts.append(_end(closed))
        self.parts.append(_end(tag))

    def handle_data(self, data: str) -> None:
        if not self.is_silent:
            self.parts.append(escape(data))


def _end(tag: str) -> str:
    return ENDS.get(tag, f"</{tag}>")


def shown(form: str) -> Markup:
    """The form as part of a page; what stays open in it is closed at its end."""
    parser = _Shown()
    parser.feed(form)
    parser.close()
    ends = [_end(tag) for tag in reversed(parser.open)]
    return Markup("".join((*parser.parts, *ends)))
