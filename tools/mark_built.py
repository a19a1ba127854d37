"""Marks in the spec which operations are built, after the registry of central: `python tools/mark_built.py`."""

import csv
from pathlib import Path

from esoz.central.app import CONTEXTS
from esoz.central.site import SITE_OPERATIONS
from esoz.kernel.operation import spec_id

FILE = Path(__file__).parent.parent / "src/esoz/spec/operations.csv"


def main() -> None:
    """Rewrite the column `state`."""
    built = {operation.spec_id for context in CONTEXTS for operation in context} | SITE_OPERATIONS
    with FILE.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        names = list(reader.fieldnames or ())
        rows = list(reader)
    for row in rows:
        row["state"] = "built" if spec_id(row["method"], row["path"]) in built else "planned"
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{sum(row['state'] == 'built' for row in rows)} operations are built")


if __name__ == "__main__":
    main()
