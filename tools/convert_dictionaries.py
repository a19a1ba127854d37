"""Carries dictionaries into src/esoz/spec/dictionaries: one CSV a dictionary, and index.csv.

usage: python tools/convert_dictionaries.py DICTIONARIES_JSON [SPEC_FOLDER]

Values of the 2019 source come first; dictionary_additions.csv beside this script adds what the contract of 2026
names, and puts Ukrainian words where the source has English or only the code.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SPEC = HERE.parent / "src" / "esoz" / "spec"
VALUE_COLUMNS = ("code", "description", "parent", "is_active", "source")
INDEX_COLUMNS = ("name", "file", "labels", "is_active", "is_partial", "values", "source")
Rows = dict[str, dict[str, str]]

# The published name on the left is answered by the list of 2019 on the right.
SPELT_OTHERWISE = {
    "eHealth/risk_assesment_codes": "eHealth/risk_assessment_codes",
    "eHealth/risk_assesment_methods": "eHealth/risk_assessment_methods",
}
# Lists that are known to be a part of the real ones; lists made of samples and defaults only are found by rule.
PARTIAL = {
    "SPECIALITY_TYPE",
    "FUNDING_SOURCE",
    "MR_BLANK_TYPES",
    "PROVIDING_CONDITION",
    "HEALTHCARE_SERVICE_CATEGORIES",
    "MEDICATION_FORM",
    "MEDICATION_UNIT",
    "eHealth/ucum/units",
    "eHealth/LOINC/observation_codes",
    "eHealth/ICD10_AM/condition_codes",
    "eHealth/encounter_priority",
    "eHealth/resources",
    "DOCUMENT_TYPE",
    "MEDICATION_REQUEST_REJECT_REASON",
    "DOCUMENT_RELATIONSHIP_TYPE",
}
ICD10, ICD10_AM = "eHealth/ICD10/condition_codes", "eHealth/ICD10_AM/condition_codes"
LATIN, CYRILLIC = "ABCEHIKMOPTXaceiopxy", "АВСЕНІКМОРТХасеіорху"


def main(source: Path, spec: Path) -> None:
    carried = json.loads(source.read_text("utf-8"))["dictionaries"]
    names = {name: entry for name, entry in carried.items() if not test_only(entry)}
    dictionaries = {name: values_of(entry["values"]) for name, entry in names.items()}
    dictionaries[ICD10_AM] = international(dictionaries[ICD10])
    for published, origin in SPELT_OTHERWISE.items():
        dictionaries[published] = dictionaries[origin]
    add(dictionaries, HERE / "dictionary_additions.csv")
    write(dictionaries, names, spec / "dictionaries")


def test_only(entry: dict[str, Any]) -> bool:
    """A dictionary that stands in no seed, only in tests of the source."""
    return all("test" in source for source in entry["sources"])


def values_of(values: dict[str, Any], parent: str = "") -> Rows:
    """Rows by code; a nested dictionary gives its key as parent."""
    rows: Rows = {}
    for code, description in values.items():
        nested = isinstance(description, dict)
        text = code if nested else clean(description)
        rows[code] = {"description": text, "parent": parent, "is_active": "1", "source": "2019"}
        if nested:
            rows |= values_of(description, code)
    return rows


def clean(text: str) -> str:
    """One space between words, and each word in one alphabet."""
    return re.sub(r"[^\W\d_]+", lambda word: one_alphabet(word.group()), " ".join(text.split()))


def one_alphabet(word: str) -> str:
    """Repair a word typed with look-alikes of the other alphabet: a Latin `I` in front of Cyrillic letters."""
    cyrillic = len(re.findall(r"[Ѐ-ӿ]", word))
    if cyrillic in (0, len(word)):
        return word
    pairs = (LATIN, CYRILLIC) if cyrillic * 2 >= len(word) else (CYRILLIC, LATIN)
    mended = word.translate(str.maketrans(*pairs))
    return mended if len(re.findall(r"[Ѐ-ӿ]", mended)) in (0, len(mended)) else word


def international(national: Rows) -> Rows:
    """Write `A00.10` of the national list as `A00.1`, and the undivided `A09.00` as `A09`.

    The national list pads every code to two digits after the dot; ICD-10 and ICD-10-AM do not.
    """
    categories: dict[str, int] = {}
    for code in national:
        categories[code[:3]] = categories.get(code[:3], 0) + 1
    rows: Rows = {}
    for code, row in national.items():
        undivided = code.endswith(".00") and categories[code[:3]] == 1
        short = code[:3] if undivided else code.removesuffix("0") if code.endswith("0") else code
        rows[short] = {**row, "source": "2019-icd10"}
    return rows


def add(dictionaries: dict[str, Rows], additions: Path) -> None:
    with additions.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows = dictionaries.setdefault(row["dictionary"], {})
            known = rows.get(row["code"])
            if (known is not None) != (row["source"] == "label"):
                raise ValueError(f"{row['dictionary']} {row['code']}: a label for no code, or a code twice")
            source = "2019, label ours" if known else row["source"]
            parent = known["parent"] if known else ""
            rows[row["code"]] = {
                "description": row["description"],
                "parent": parent,
                "is_active": "1",
                "source": source,
            }


def write(dictionaries: dict[str, Rows], carried: dict[str, Any], folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.csv"):
        old.unlink()
    index = []
    for name in sorted(dictionaries):
        rows, entry = dictionaries[name], carried.get(name, {})
        file = name.replace("/", "__") + ".csv"
        write_csv(folder / file, VALUE_COLUMNS, [{"code": code, **row} for code, row in rows.items()])
        index.append(
            {
                "name": name,
                "file": file,
                "labels": " ".join(entry.get("labels", ["SYSTEM", "EXTERNAL"])),
                "is_active": int(entry.get("is_active", True)),
                "is_partial": int(is_partial(name, rows)),
                "values": len(rows),
                "source": " + ".join(sorted({row["source"] for row in rows.values()})),
            }
        )
    write_csv(folder / "index.csv", INDEX_COLUMNS, index)


def is_partial(name: str, rows: Rows) -> bool:
    """Whether real codes are known to be missing: the list is made of defaults and samples."""
    known = [code for code, row in rows.items() if row["source"] != "sample" and not code.startswith("default")]
    return not known or name in PARTIAL or "SNOMED" in name


def write_csv(target: Path, columns: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else SPEC)
