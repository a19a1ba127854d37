"""The summary above a form names the field of each fault, where the fault's own words do not.

«Оберіть значення зі списку» is enough beside its field; above the form, with three others, it says nothing. Done once
for all forms, over the finished page: there every field has its label, whichever way it was made.
"""

import re
from collections import Counter
from collections.abc import Sequence
from html import unescape

from esoz.kernel.spelling import plain_name

_LIST = '<ul class="govuk-list govuk-error-summary__list">'
_FAULT = re.compile(r'(<a href="#([^"]+)">)([^<]+)(?=</a>)')
_LABEL = re.compile(r'<label\b[^>]*\bfor="([^"]+)"[^>]*>(.*?)</label>', re.DOTALL)
_GROUP = re.compile(r"<fieldset\b.*?</fieldset>", re.DOTALL)
_LEGEND = re.compile(r"<legend\b[^>]*>(.*?)</legend>", re.DOTALL)
_ID = re.compile(r'<(?:input|select|textarea)\b[^>]*\bid="([^"]+)"')
_TAG = re.compile(r"<[^>]+>")
_WORD = re.compile(r"[^\W\d_]{3,}")
_STEM = 3  # letters that two forms of a word share


def name_fields(page: str) -> str:
    """The page with the label of its field before each fault of the summary that does not name it."""
    head, opening, rest = page.partition(_LIST)
    if not opening:
        return page
    summary, closing, body = rest.partition("</ul>")
    words = [_text(found[3]) for found in _FAULT.finditer(summary)]
    labels = _labels(body)
    named = _FAULT.sub(lambda found: found[1] + _named(found, labels, words), summary)
    return head + opening + named + closing + body


def _named(found: re.Match[str], labels: dict[str, str], words: Sequence[str]) -> str:
    label, fault = labels.get(found[2], ""), _text(found[3])
    is_clear = words.count(fault) == 1 and _stems(_text(label)) & _stems(fault)
    return found[3] if is_clear or not label or fault.startswith(_text(label)) else f"{label}. {found[3]}"


def _labels(body: str) -> dict[str, str]:
    """Field → its label, after the words of its group where several have the label; a group of choices → its words."""
    labels = {found[1]: _inner(found[2]) for found in _LABEL.finditer(body)}
    several = Counter(labels.values())
    for group in _GROUP.finditer(body):
        legend = _LEGEND.search(group[0])
        words, fields = _inner(legend[1]) if legend else "", _ID.findall(group[0])
        for field in fields if words else ():
            if several[labels.get(field, "")] > 1:
                labels[field] = f"{words}, {labels[field]}"
        if words and fields and ('type="radio"' in group[0] or 'type="checkbox"' in group[0]):
            labels[fields[0]] = words
    return labels


def _inner(markup: str) -> str:
    """Words between the tags, still as HTML."""
    return " ".join(_TAG.sub("", markup).split())


def _text(markup: str) -> str:
    return " ".join(unescape(markup).split())


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in _WORD.findall(plain_name(text))}
