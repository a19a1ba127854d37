"""A trust centre, a doctor, and where the files of vectors are."""

import json
import os
import random
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from esoz.signature import Authority, Issued, Subject

SCHEMES = ("dstu-gost", "dstu-kupyna", "ecdsa")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
YEAR = timedelta(days=365)
DOCTOR = Subject("Кобилянська", "Ольга Юліанівна", "2222222222", organization="Амбулаторія", edrpou="22222222")


def vectors_folder() -> Path | None:
    """The folder of КЕП vectors made by others; they stay outside of the project."""
    named = os.environ.get("ESOZ_KEP_VECTORS")
    beside = Path(__file__).parents[3] / "shared" / "vectors" / "kep"
    folder = Path(named) if named else beside
    return folder if (folder / "index.json").is_file() else None


NO_VECTORS = "КЕП vectors are not here: set ESOZ_KEP_VECTORS to the folder with their index.json"


def index() -> list[dict[str, str]]:
    """The entries of index.json, none when the vectors are absent."""
    folder = vectors_folder()
    return [] if folder is None else json.loads((folder / "index.json").read_text())


@cache
def centre(scheme: str) -> Authority:
    """A trust centre, the same in every run."""
    return Authority.create("Випробувальний центр", scheme=scheme, random=random.Random(7).randbytes, at=NOW - YEAR)


@cache
def doctor_of(scheme: str) -> Issued:
    """A doctor with a certificate of the centre."""
    return centre(scheme).issue(DOCTOR, valid_from=NOW - YEAR / 2, valid_to=NOW + YEAR, unzr="19631127-00001")
