"""What a form brought: texts and small files, read whole and within limits."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.types import Message, Receive

from ..errors import BadRequest, Problem, TooLarge, rejected
from ..spelling import composed
from .reading import day_of
from .translations import mark as _

MAX_FIELDS = 1000
MAX_FILES = 100
MAX_TEXT = 8 * 1024 * 1024  # signed content travels as base64 in a field
NOT_SIGNED = _("Документ не підписано. Підпишіть його в браузері або завантажте підписаний файл.")
NO_SUCH_DAY = _("Введіть справжню дату, наприклад 27 3 1985.")
NOT_READ = _("Підпис не читається. Підпишіть документ ще раз.")


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as it came."""

    name: str
    type: str
    content: bytes


@dataclass(slots=True)
class Form:
    """Fields by name; a missing one reads as empty, for that is what browsers send for an empty field."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, list[Upload]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The field without spaces at its ends; empty when absent."""
        return self.texts.get(name, [""])[0].strip()

    def raw(self, name: str) -> str:
        """The field with the spaces at its ends: for passwords."""
        return self.texts.get(name, [""])[0]

    def all(self, name: str) -> list[str]:
        """All values of a repeated field: check boxes."""
        return [value.strip() for value in self.texts.get(name, [])]

    def date(self, name: str) -> date | None:
        """The day in one field (2026-11-22) or in three (NAME_day, NAME_month, NAME_year); None when left empty.

        Raises Rejected when there is no such day.
        """
        parts = [self.text(f"{name}_{part}") for part in ("year", "month", "day")]
        given = self.text(name) or "-".join(part.zfill(2) for part in parts if part)
        if not given:
            return None
        day = day_of(given)
        if day is None:
            raise rejected(f"$.{name}", NO_SUCH_DAY)
        return day

    def file(self, name: str) -> Upload | None:
        """The chosen file, or None when none was chosen."""
        return next(iter(self.files.get(name, [])), None)

    def every_text(self) -> Iterator[str]:
        """Names of fields and files, and all that was typed."""
        for name, texts in self.texts.items():
            yield from (name, *texts)
        for name, files in self.files.items():
            yield from (name, *(each.name for each in files), *(each.type for each in files))

    def values(self) -> dict[str, str]:
        """Field → text, to show the form again as it was filled in."""
        return {name: values[0] for name, values in self.texts.items()}

    def signed(self) -> bytes:
        """The signed document of a signing form. Raises Rejected when there is none or it is not base64."""
        return self.signed_all(1)[0]

    def signed_all(self, count: int) -> list[bytes]:
        """The signed documents of a signing form in its order: made in the browser, or uploaded files.

        Raises Rejected when there are not exactly `count`, or one is not base64.
        """
        found = self.signed_files()
        if len(found) != count:
            raise rejected("$.signed_file", NOT_SIGNED)
        return [file.content for file in found]

    def signed_files(self) -> list[Upload]:
        """The same as files with their names, however many. Raises Rejected for none, or one that is not base64."""
        try:
            made = [base64.b64decode(text, validate=True) for text in self.all("signed_content") if text]
        except ValueError as fault:
            raise rejected("$.signed_file", NOT_READ) from fault
        found = [Upload("", "", content) for content in made]
        found = found or [upload for upload in self.files.get("signed_file", []) if upload.content]
        if not found:
            raise rejected("$.signed_file", NOT_SIGNED)
        return found


def limited(receive: Receive, limit: int) -> Receive:
    """The same stream, which ends with TooLarge after `limit` bytes."""
    passed = 0

    async def receive_limited() -> Message:
        nonlocal passed
        message = await receive()
        passed += len(message.get("body", b""))
        if passed > limit:
            raise TooLarge()
        return message

    return receive_limited


async def read(request: Request) -> Form:
    """Read the body. Raises BadRequest for a malformed one."""
    try:
        async with request.form(max_files=MAX_FILES, max_fields=MAX_FIELDS, max_part_size=MAX_TEXT) as parts:
            form = Form()
            for name, value in parts.multi_items():
                if isinstance(value, UploadFile):
                    if value.filename:
                        content = await value.read()
                        upload = Upload(value.filename, value.content_type or "", content)
                        form.files.setdefault(name, []).append(upload)
                else:
                    form.texts.setdefault(name, []).append(composed(value))
    except MultiPartException as fault:
        raise BadRequest() from fault
    if not all(map(_is_text, form.every_text())):
        raise BadRequest()
    return form


def _is_text(text: str) -> bool:
    """Whether a database and a page can hold it: NUL is no character, half of a surrogate pair is none either."""
    if text.isascii():
        return "\0" not in text
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


def faults(problem: Problem) -> dict[str, str]:
    """Field → what is wrong with it, to show beside the field: `$.birth_date` is the field birth_date."""
    return {fault.entry.removeprefix("$."): fault.description for fault in problem.invalid}
