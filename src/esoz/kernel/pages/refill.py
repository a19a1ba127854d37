"""Puts a draft back into the HTML of its form, so that it works without scripts; pages are of our own making."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape

from markupsafe import escape

MARK = "data-draft"
_FORM = re.compile(r"<form\b[^>]*\bdata-draft\b[^>]*>", re.IGNORECASE)
_CONTROL = re.compile(
    r"<input\b[^>]*>|<textarea\b[^>]*>.*?</textarea>|<select\b[^>]*>.*?</select>|<button\b[^>]*>", re.DOTALL
)
_OPTION = re.compile(r"<option\b[^>]*>")
_NEVER = frozenset({"password", "file", "submit", "button", "image", "reset"})


@dataclass(frozen=True, slots=True)
class Parts:
    """A page cut at its marked form: before it, its first tag, what is inside, the rest from `</form>` on."""

    before: str
    tag: str
    inside: str
    after: str


def cut(html: str) -> Parts | None:
    """The page around its first marked form; None when there is none."""
    found = _FORM.search(html)
    if found is None:
        return None
    end = html.index("</form>", found.end())
    return Parts(html[: found.start()], found[0], html[found.end() : end], html[end:])


@dataclass(slots=True)
class _Filling:
    """Fields that wait for their controls; repeated ones are taken in order."""

    fields: Mapping[str, Sequence[str]]
    kept: frozenset[str]
    seen: set[str] = field(default_factory=set)
    places: dict[str, int] = field(default_factory=dict)

    def control(self, found: re.Match[str]) -> str:
        text = found[0]
        tag = text[: text.index(">") + 1]
        name = _attribute(tag, "name")
        if not name or name in self.kept:
            return text
        self.seen.add(name)
        if tag.startswith("<button"):
            return text
        if tag.startswith("<input"):
            return self._input(tag, name)
        value = self._next(name)
        if value is None:
            return text
        if tag.startswith("<textarea"):
            return f"{tag}\n{escape(value)}</textarea>"
        return _OPTION.sub(lambda option: _chosen(option[0], "selected", _attribute(option[0], "value") == value), text)

    def _input(self, tag: str, name: str) -> str:
        kind = _attribute(tag, "type")
        if kind in _NEVER:
            return tag
        if kind in {"radio", "checkbox"}:
            return _chosen(tag, "checked", (_attribute(tag, "value") or "on") in self.fields.get(name, ()))
        value = self._next(name)
        if value is None:
            return tag
        bare = re.sub(r'\svalue="[^"]*"', "", tag)
        return f'{bare[:-1].rstrip("/ ")} value="{escape(value)}">'

    def _next(self, name: str) -> str | None:
        values, place = self.fields.get(name, ()), self.places.get(name, 0)
        self.places[name] = place + 1
        return values[place] if place < len(values) else None


def filled(inside: str, fields: Mapping[str, Sequence[str]], kept: frozenset[str]) -> tuple[str, list[str]]:
    """The inside of a form with the fields put in, and texts for which it has no place any more.

    Controls named in `kept` stay as they are. Folded parts are opened, so that nothing put back stays unseen.
    """
    filling = _Filling(fields, kept)
    html = _CONTROL.sub(filling.control, inside)
    html = re.sub(r"<details\b(?![^>]*\sopen\b)", "<details open", html)
    lost = [text for name, texts in fields.items() if name not in filling.seen for text in texts if text.strip()]
    return html, lost


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    return unescape(found[1]) if found else ""


def _chosen(tag: str, mark: str, is_so: bool) -> str:
    bare = re.sub(rf'\s{mark}(?:="[^"]*")?(?=[\s>/])', "", tag)
    return f"{bare[:-1].rstrip('/ ')} {mark}>" if is_so else bare
