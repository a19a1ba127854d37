"""Carries the antibiotics' part (ATC J01) of the state drug register into src/esoz/spec/drugs-j01.csv.gz.

usage: python tools/extract_drugs.py MEDICINAL_PRODUCTS_CSV_GZ [SPEC_FOLDER]
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
from pathlib import Path

SPEC = Path(__file__).parent.parent / "src" / "esoz" / "spec"
COLUMNS = (
    "package_pcid",
    "inn_ua",
    "inn_en",
    "atc_code",
    "reg_num",
    "exp_date",
    "name_ua",
    "package_status",
    "package_description",
    "package_legal_status",
    "release_form",
    "manufacturer",
    "package_qty",
)


def main(source: Path, spec: Path) -> None:
    with gzip.open(source, "rt", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["atc_code"].startswith("J01")]
    rows.sort(key=lambda row: row["package_pcid"])
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    # No name and no time inside: the same rows give the same bytes.
    (spec / "drugs-j01.csv.gz").write_bytes(gzip.compress(text.getvalue().encode("utf-8"), mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else SPEC)
