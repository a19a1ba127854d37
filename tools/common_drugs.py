"""Carries what a family doctor prescribes of the state drug register into src/esoz/spec/drugs-common.csv.gz.

usage: python tools/common_drugs.py MEDICINAL_PRODUCTS_CSV_GZ [SPEC_FOLDER]

Of each substance of `daily-doses.csv` the dosages that most brands are made in, of each dosage a few packages of
different makers: enough to choose from, small enough to be carried.
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
from collections import defaultdict
from pathlib import Path

from esoz.spec import drugs
from tools.extract_drugs import COLUMNS, SPEC

DOSAGES, BRANDS = 2, 2


def main(source: Path, spec: Path) -> None:
    with (spec / "daily-doses.csv").open(encoding="utf-8", newline="") as file:
        wanted = {row["code_atc"] for row in csv.DictReader(file)}
    with gzip.open(source, "rt", encoding="utf-8", newline="") as file:
        rows = [row for row in drugs.read_rows(file) if row.atc_code in wanted and row.package_status == "Діючий"]
    chosen = sorted(_chosen(rows), key=lambda row: row.package_pcid)
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: getattr(row, name) for name in COLUMNS} for row in chosen)
    # No name and no time inside: the same rows give the same bytes.
    (spec / "drugs-common.csv.gz").write_bytes(gzip.compress(text.getvalue().encode("utf-8"), mtime=0))


def _chosen(rows: list[drugs.Row]) -> list[drugs.Row]:
    by_id = {row.package_pcid: row for row in rows}
    by_code: dict[str, list[drugs.Dosage]] = defaultdict(list)
    for innm in drugs.tree(rows).innms:
        for dosage in innm.dosages:
            code = min(code for brand in dosage.brands for code in brand.atc_codes)
            if len(dosage.ingredients) == 1:
                by_code[code].append(dosage)
    found: dict[str, drugs.Row] = {}
    for dosages in by_code.values():
        for dosage in sorted(dosages, key=lambda each: (-len(each.brands), each.name))[:DOSAGES]:
            makers: dict[str, str] = {}
            for brand in sorted(dosage.brands, key=lambda each: (not each.prescription, each.register_ids)):
                makers.setdefault(brand.manufacturer, brand.register_ids[0])
            for id in list(makers.values())[:BRANDS]:
                found[id] = by_id[id]
    return list(found.values())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else SPEC)
