"""Printed documents as PDF/UA: whatever the text, the document is printed, for people wait for it at a counter.

PDF/UA makes a sign that no font has an error. Such a sign gives way to the one that people mean by it, and where
there is none to a mark that stands out: a number or a dose is never dropped in silence.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Literal, TypeAlias

import msgspec
import typst

Text: TypeAlias = str | bool | list["Text"] | dict[str, "Text"]

FONT = "Libertinus Serif"  # comes with typst and has Cyrillic, so that every machine prints the same page
STANDARD: Literal["ua-1"] = "ua-1"
MISSING = "□"
LONGEST_WORD = 24  # longer ones are given places where a line may end, else they run off the page
_BREAK = "\N{ZERO WIDTH SPACE}"
_LINE = "\n"
_ENDS_OF_LINES = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Signs for writing from right to left and the like: unseen, they would turn the digits of a dose round.
_UNSEEN = {"Cf", "Cc", "Cs", "Cn"}
_KEPT = {"\N{ZERO WIDTH JOINER}", "\N{ZERO WIDTH NON-JOINER}", _BREAK, "\N{SOFT HYPHEN}"}
# Bullets and arrows of the fonts Symbol and Wingdings, as word processors leave them in the private area.
_SYMBOLS = {0xF0B7: "•", 0xF0A7: "▪", 0xF0A8: "□", 0xF0D8: "➤", 0xF0FC: "✓", 0xF0E0: "→", 0xF02D: "–", 0xF0B0: "°"}
_SYMBOLS |= {0xF0B1: "±", 0xF0A3: "≤", 0xF0B3: "≥", 0xF0B4: "×"}


def typeset(template: bytes, content: Mapping[str, Text], pictures: Mapping[str, str] | None = None) -> bytes:
    """The document as PDF; `content` reaches the template as `note`, `pictures` (SVG) by their names in it.

    `note.replaced` says whether some sign gave way to the mark.
    """
    texts = {name: _each(value, plain) for name, value in content.items()}
    try:
        return _compiled(template, texts, pictures, replaced=False)
    except typst.TypstError:
        shown = {name: _each(value, printable) for name, value in texts.items()}
    replaced = any(MISSING in text for value in shown.values() for text in _texts(value))
    try:
        return _compiled(template, shown, pictures, replaced=replaced)
    except typst.TypstError:
        # What a reader by ear would miss is less than a document that nobody gets.
        return _compiled(template, shown, pictures, replaced=replaced, standard=None)


def _compiled(
    template: bytes,
    content: Mapping[str, Text],
    pictures: Mapping[str, str] | None,
    *,
    replaced: bool,
    standard: Literal["ua-1"] | None = STANDARD,
) -> bytes:
    note = msgspec.json.encode({**content, **(pictures or {}), "replaced": replaced}).decode()
    pdf = typst.compile(
        template,
        format="pdf",
        pdf_standards=standard,
        ignore_system_fonts=True,
        sys_inputs={"note": note, "font": FONT},
    )
    assert isinstance(pdf, bytes)
    return pdf


def _each(value: Text, change: Callable[[str], str]) -> Text:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_each(each, change) for each in value]
    return {name: _each(each, change) for name, each in value.items()} if isinstance(value, dict) else value


def _texts(value: Text) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


def plain(text: str) -> str:
    """The text without what no page can show: controls, marks of direction, halves of signs; long words may break."""
    composed = unicodedata.normalize("NFC", _ENDS_OF_LINES.sub(_LINE, text))
    signs = (_visible(sign) for sign in composed)
    return " ".join(_breakable(word) for word in "".join(signs).split(" "))


def _visible(sign: str) -> str:
    if sign in _KEPT or sign == _LINE:
        return sign
    if ord(sign) in _SYMBOLS:
        return _SYMBOLS[ord(sign)]
    kind = unicodedata.category(sign)
    if kind == "Cs" or (kind == "Cn" and ord(sign) & 0xFFFE != 0xFFFE):
        return MISSING
    if kind == "Cc":
        return " " if sign.isspace() else ""
    return "" if kind in _UNSEEN else sign


def _breakable(word: str) -> str:
    if len(word) <= LONGEST_WORD:
        return word
    pieces = list(_clusters(word))
    rows = [pieces[start : start + LONGEST_WORD] for start in range(0, len(pieces), LONGEST_WORD)]
    return _BREAK.join("".join(row) for row in rows)


def printable(text: str) -> str:
    """The text in signs that the fonts have: a sign without a picture gives way to its plain form, or to the mark."""
    return "".join(_shown(cluster) for cluster in _clusters(text))


def _clusters(text: str) -> Iterator[str]:
    """A sign together with the marks that stand on it, for a font shows them together or not at all."""
    cluster = ""
    for sign in text:
        joined = cluster.endswith("\N{ZERO WIDTH JOINER}")
        if cluster and not joined and not unicodedata.category(sign).startswith("M") and sign not in _KEPT - {_BREAK}:
            yield cluster
            cluster = ""
        cluster += sign
    if cluster:
        yield cluster


@lru_cache(maxsize=4096)
def _shown(cluster: str) -> str:
    if cluster.isspace() or cluster.isascii():
        return cluster
    forms = (cluster, unicodedata.normalize("NFKC", cluster), cluster[0], unicodedata.normalize("NFKC", cluster[0]))
    return next((form for form in forms if _has_font(form)), MISSING)


# In every face that documents use: one may lack what another has.
_PROBE = b"""#set document(title: "-")
#set text(font: sys.inputs.font, lang: "uk")
#sys.inputs.text *#sys.inputs.text* _#sys.inputs.text _"""


@lru_cache(maxsize=4096)
def _has_font(text: str) -> bool:
    """Whether the fonts have the sign: only a page that is made says so. Asked for rare signs of a few documents."""
    try:
        typst.compile(
            _PROBE,
            format="pdf",
            pdf_standards=STANDARD,
            ignore_system_fonts=True,
            sys_inputs={"text": text, "font": FONT},
        )
    except typst.TypstError:
        return False
    return True
