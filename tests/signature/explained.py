"""The worked example of docs/explanation/signature.md: made by a deterministic centre; run to write it anew."""

import random
import re
from datetime import UTC, datetime
from pathlib import Path

from esoz.signature import Authority, Subject, der, sign
from esoz.signature.command_line import dump
from esoz.signature.command_line.files import armored

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "signature.md"
DOCUMENT = "Привіт".encode()
AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
_BLOCK = re.compile(r"(<!-- (example|pem) -->\n```text\n)(.*?)(```)", re.DOTALL)


def container() -> bytes:
    """A signature of one person over one word."""
    centre = Authority.create("Центр", scheme="dstu-gost", random=random.Random(1).randbytes, at=AT)
    person = Subject("Сковорода", "Григорій", "1234567890")
    issued = centre.issue(person, valid_from=AT, valid_to=AT.replace(year=2028))
    return sign(DOCUMENT, issued.key, issued.certificate, at=AT)


def made() -> dict[str, str]:
    """The blocks of the page: every byte of the container, and the container itself."""
    data = container()
    lines = "".join(f"{line}\n" for line in dump.lines(der.read(data)))
    return {"example": lines, "pem": armored("CMS", data).decode()}


def written() -> dict[str, str]:
    """The same as they stand on the page."""
    return {found[2]: found[3] for found in _BLOCK.finditer(PAGE.read_text("utf-8"))}


if __name__ == "__main__":
    blocks = made()
    text = PAGE.read_text("utf-8")
    PAGE.write_text(_BLOCK.sub(lambda found: found[1] + blocks[found[2]] + found[4], text), "utf-8")
