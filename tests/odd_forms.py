"""Forms that no browser of ours sends: odd bytes, wrong encodings, fields that are missing, doubled, strange or giant.

The fields of a site are read from its own code, so that a new one is sent odd values from its first day.
"""

import ast
import random
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import quote_from_bytes

import httpx

from tests.mutations import TEXTS

_NAME = re.compile(r"[a-z][a-z_]{1,30}")
_READS = frozenset({"text", "raw", "tick", "values", "upload", "uploads", "day", "code", "id", "line", "number", "get"})
_DAYS = ("0001-01-01", "9999-12-31", "0000-00-00", "2026-02-30", "2026-W47-7", "22.11.2026", "١٢", "1e30", "9" * 40)
# Bytes that are no UTF-8, half a surrogate pair, an end of text, overlong signs.
_BYTES = (b"\xff\xfe", b"\xed\xa0\x80", b"\x00", b"a\x00b", b"\xc0\xaf", b"\xf8\x88\x80\x80\x80", b"\xd0", b"\r\n\r\n")
_GIANT = 200_000
# Words that fit any field: beside it they are enough, above the form they are not.
_SAYS_NOTHING = re.compile(
    r"(?:Заповніть поле|Текст задовгий|Оберіть (?:значення|код)|Введіть (?:справжню дату(?!,? народ)|число)|Оберіть зі)"
)
TYPES = (
    *["application/x-www-form-urlencoded"] * 8,
    "application/x-www-form-urlencoded; charset=utf-16",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "application/json",
    "text/plain",
    "",
)


def field_names(*folders: Path) -> list[str]:
    """Names of fields that the code of these folders reads."""
    found: set[str] = set()
    for file in (file for folder in folders for file in folder.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _READS:
                constants = [each.value for each in node.args if isinstance(each, ast.Constant)]
                found |= {each for each in constants if isinstance(each, str) and _NAME.fullmatch(each)}
    return sorted(found)


def nameless(page: str) -> list[str]:
    """Faults of the summary above a form that say nothing of the field, or stand there for several."""
    summary = page.partition('<ul class="govuk-list govuk-error-summary__list">')[2].partition("</ul>")[0]
    faults = [" ".join(unescape(each).split()) for each in re.findall(r'<a href="#[^"]*">([^<]+)</a>', summary)]
    return sorted({each for each in faults if faults.count(each) > 1 or _SAYS_NOTHING.match(each)})


def _has_words(answer: httpx.Response) -> bool:
    """Is it a page with a heading, or the published envelope for a program that sent JSON."""
    kind = answer.headers.get("content-type", "")
    if kind.startswith("application/json"):
        return bool(answer.json()["error"]["message"])
    return kind.startswith("text/html") and "<h1" in answer.text


@dataclass(slots=True)
class OddForms:
    """Sends odd forms to the addresses of a site, and remembers what should not have been answered."""

    client: httpx.AsyncClient
    names: list[str]
    source: random.Random
    sent: int = 0
    understood: int = 0  # forms that came past the guard against forgery
    broken: dict[str, str] = field(default_factory=dict)

    async def send(self, place: str, csrf: str, count: int, *, honest: Collection[str] = ()) -> None:
        """Odd forms to one address; `honest`: fields that it is known to read."""
        for number in range(count):
            kind = TYPES[0] if number == 0 else self.source.choice(TYPES)
            body = b"&".join(self._pairs(csrf, honest, giant=number == 0))
            headers = {"content-type": kind} if kind else {}
            answer = await self.client.post(place, content=body, headers=headers)
            self.sent += 1
            self.understood += answer.status_code in {200, 303, 404, 422}
            self.judge(f"{place} {kind} {body[:200]!r}", answer)

    def pairs(self, *honest: str) -> Iterator[bytes]:
        """Odd fields without the proof against forgery: a query."""
        return self._pairs("", honest, giant=False)

    def judge(self, what: str, answer: httpx.Response) -> None:
        if answer.status_code >= 500:
            self.broken[what] = str(answer.status_code)
        elif answer.status_code >= 400 and not _has_words(answer):
            kind = answer.headers.get("content-type", "")
            self.broken[what] = f"{answer.status_code} without words: {kind} {answer.text[:150]}"
        elif words := nameless(answer.text):
            self.broken[what] = f"which field is it: {words}"

    def _pairs(self, csrf: str, honest: Iterable[str], *, giant: bool) -> Iterator[bytes]:
        source = self.source
        if giant or source.random() < 0.95:
            yield b"csrf=" + csrf.encode()
        if giant:
            yield b"form_token="
        wanted = [*honest, *source.sample(self.names, min(len(self.names), source.choice((1, 2, 4, 8, 20))))]
        for name in wanted:
            for _ in range(source.choice((1, 1, 1, 2))):
                yield self._name(name) + b"=" + self._value()
        if giant:
            yield source.choice(wanted).encode() + b"=" + b"%D0%B0" * (_GIANT // 6)

    def _name(self, name: str) -> bytes:
        odd = self.source.choice((b"", b"%00", b"[]", b"%ED%A0%80", b"%FF"))
        return name.encode() + (odd if self.source.random() < 0.05 else b"")

    def _value(self) -> bytes:
        source = self.source
        if source.random() < 0.25:
            raw = source.choice(_BYTES)
            return raw.replace(b"&", b"") if source.random() < 0.3 else quote_from_bytes(raw).encode()
        return quote_from_bytes(source.choice((*TEXTS, *_DAYS)).encode("utf-8", "surrogatepass")[:9000]).encode()
