"""A line of a summary of faults says which field it means.

The legend of the field's group always stands in front («Діагноз 2 – …»), its label where the words do not name it
(«Введіть справжню дату.»), or where two lines would read alike. The summary stands above the form, so this is done to
the finished page.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from html import escape, unescape
from html.parser import HTMLParser

from ..spelling import plain_name

_LIST = re.compile(r'(<ul class="govuk-list govuk-error-summary__list">)(.*?)(</ul>)', re.DOTALL)
_LINE = re.compile(r'<a href="#([^"]*)">([^<]*)</a>')
_CHOICES = frozenset({"radio", "checkbox"})
SHORTEST, STEM = 3, 4  # letters
_LITTLE_WORDS = frozenset(plain_name("або без від для над під при про цей and for not the this your").split())
BETWEEN = " – "
_VOID = frozenset({"input", "br", "img", "meta", "link", "hr"})


def with_fields_named(page: str) -> str:
    """The page with lines of its summary that say which field they mean."""
    found = _LIST.search(page)
    if found is None:
        return page
    labels = _Labels()
    labels.feed(page)
    lines = [(unescape(field), unescape(text)) for field, text in _LINE.findall(found[2])]
    names = [labels.name_of(field, text) for field, text in lines]
    times = Counter(zip(names, (text for _field, text in lines), strict=True))
    told = iter(
        labels.name_of(field, text, whole=times[name, text] > 1)
        for name, (field, text) in zip(names, lines, strict=True)
    )

    def line(each: re.Match[str]) -> str:
        name = next(told)
        return f'<a href="#{each[1]}">{escape(name + BETWEEN) if name else ""}{each[2]}</a>'

    return page[: found.start(2)] + _LINE.sub(line, found[2]) + page[found.end(2) :]


def names_it(text: str, label: str) -> bool:
    """Whether a sentence has a word of the label: «Вкажіть прізвище.» names «Прізвище»."""
    return bool(_beginnings(text) & _beginnings(label))


def _beginnings(text: str) -> set[str]:
    """Words without their endings, and without those that name nothing."""
    words = set(re.findall(r"\w+", plain_name(text))) - _LITTLE_WORDS
    return {word[:STEM] for word in words if len(word) >= SHORTEST}


@dataclass(slots=True)
class _Element:
    tag: str
    label_of: str = ""  # the field that it labels
    group: int = 0  # the fieldset that it is the legend of
    is_heard: bool = True
    words: list[str] = field(default_factory=list)


class _Labels(HTMLParser):
    """Labels by field, legends by group, and the groups that each field stands in, the outermost first."""

    def __init__(self) -> None:
        super().__init__()
        self.labels: dict[str, str] = {}
        self.legends: dict[int, str] = {}
        self.groups: dict[str, tuple[int, ...]] = defaultdict(tuple)
        self.choices: set[str] = set()
        self._open: list[_Element] = []
        self._around: list[int] = []
        self._count = 0

    def name_of(self, field: str, text: str, *, whole: bool = False) -> str:
        """What stands in front of a fault; `whole`: its label too, although the words name it."""
        legends = [self.legends[group] for group in self.groups[field] if self.legends.get(group)]
        label = self.labels.get(field, "")
        if legends and (field in self.choices or not label):  # labels of a choice are those of its answers
            label = legends.pop()
        parts = [*legends, label] if whole or not names_it(text, label) else legends
        return BETWEEN.join(part.rstrip(" .") for part in dict.fromkeys(parts) if part)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "fieldset":
            self._count += 1
            self._around.append(self._count)
        if "id" in given:
            self.groups[given["id"]] = tuple(self._around)
            if given.get("type") in _CHOICES:
                self.choices.add(given["id"])
        if tag in _VOID:
            return
        group = self._around[-1] if tag == "legend" and self._around else 0
        is_heard = given.get("aria-hidden") != "true"
        self._open.append(_Element(tag, given.get("for", "") if tag == "label" else "", group, is_heard))

    def handle_data(self, data: str) -> None:
        if all(each.is_heard for each in self._open):
            for each in self._open:
                each.words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if all(each.tag != tag for each in self._open):
            return
        while (last := self._open.pop()).tag != tag:
            pass
        words = " ".join("".join(last.words).split())
        if last.label_of:
            self.labels.setdefault(last.label_of, words)
        if last.group:
            self.legends.setdefault(last.group, words)
        if tag == "fieldset" and self._around:
            self._around.pop()
