"""Names, places and numbers are compared in one place: `kernel/spelling.py`, and its functions in the database."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "src" / "esoz"
PLACE = ROOT / "kernel" / "spelling.py"
FILES = sorted(path for path in ROOT.rglob("*.py") if path != PLACE)
OWN = re.compile(
    r"\.casefold\(|\bunicodedata\b|maketrans\([^)]*[А-Яа-яІіЇїЄєҐґ]"  # letters folded elsewhere
    r"|strpos\(\s*lower\(|\bilike\b|\blower\([^)]*(?:name|surname|settlement)[^)]*\)"  # and in SQL
    r"|(?:name|surname|settlement|area|region|tax_id|drfo)\w*\.(?:lower|upper)\(\)"
)
# Who folds in another way says why. A name that no longer does so is taken off the list.
OTHERWISE = {
    "mis/base/dictionaries.py": "ґ is г where words of lists are looked for, on top of the common comparison",
    "mis/pharmacy/model.py": "numbers of prescriptions have an alphabet of their own (MR-11), in which O is 0",
    "cabinet/own_data/fhir/elements.py": "control signs, which FHIR forbids; nothing is compared",
    "kernel/printing.py": "signs that fonts have no picture of, by their kinds; nothing is compared",
    "mis/care/prescriptions/model/known_risks.py": "stems of words in free text, not whole names",
    "mis/care/prescriptions/model/dosing.py": "abbreviations of a dose, in which dashes and fractions mean something",
    "central/site/invitations.py": "the name of a visitor is an e-mail address",
    "sandbox/keys.py": "names of files",
    "kernel/http.py": "names of headers",
    "spec/drugs/substances.py": "one small letter each way in words of one register; the kernel is not known there",
}


def own(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text("utf-8").splitlines() if OWN.search(line)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_file_compares_names_and_numbers_by_the_kernel(path: Path) -> None:
    if str(path.relative_to(ROOT)) not in OTHERWISE:
        assert own(path) == []


@pytest.mark.parametrize("name", OTHERWISE)
def test_exception_is_still_one(name: str) -> None:
    assert own(ROOT / name)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("if one.casefold() == other.casefold():", True),
        ('query.where("strpos(lower(title), lower({})) > 0")', True),
        ('query.where("d.name ilike {}")', True),
        ('query.where("lower(p.last_name) like {}")', True),
        ("if address.settlement.lower() != found:", True),
        ('_TWINS = str.maketrans("АВ", "AB")', True),
        ("email.lower()", False),
        ('"select id from users where lower(email) = lower($1)"', False),
        ("plain_name(name)", False),
    ],
)
def test_own_comparison_when_written_then_found(line: str, found: bool) -> None:
    assert bool(OWN.search(line)) is found
