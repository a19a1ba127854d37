"""Makes src/esoz/spec/participants.csv: packages of the carried registers that the state pays for, at invented prices.

usage: python tools/invented_prices.py [SPEC_FOLDER]

No price is real. They are as large as such prices are, the same in each run, and the reimbursement is that of the
cheapest brand, so that one brand of each dosage costs the patient nothing and others something.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256
from pathlib import Path

from esoz.spec import drugs
from tools.extract_drugs import SPEC

AFFORDABLE = "7d7278e2-7255-5a88-9c55-9227a9b516c8"
INSULIN = "9966ce0d-1fec-542e-8deb-09b659ddb1c5"
START = "2026-01-01"
# What «Доступні ліки» covers here: heart and vessels, diabetes of the second type, asthma, mental health, epilepsy.
COVERED = frozenset(
    {
        "A10BA02",
        "A10BB01",
        "A10BB09",
        "A10BB12",
        "B01AA03",
        "B01AC04",
        "C01AA05",
        "C01BD01",
        "C01DA08",
        "C03AA03",
        "C03CA01",
        "C03DA01",
        "C07AB02",
        "C07AB07",
        "C07AG02",
        "C08CA01",
        "C08CA05",
        "C08DA01",
        "C09AA02",
        "C09AA03",
        "C09CA01",
        "C10AA01",
        "N03AF01",
        "N03AG01",
        "N03AX09",
        "N05AD01",
        "N05AX08",
        "N06AA09",
        "R03AC02",
    }
)
COLUMNS = (
    "medical_program_id",
    "medication_id",
    "name",
    "start_date",
    "reimbursement_amount",
    "wholesale_price",
    "consumer_price",
    "estimated_payment_amount",
    "reimbursement_daily_dosage",
)
KOPECK = Decimal("0.01")


def main(spec: Path) -> None:
    rows = []
    for innm in drugs.tree(drugs.common()).innms:
        for dosage in innm.dosages:
            if (programme := _programme(dosage)) is not None:
                rows += _priced(programme, dosage)
    with (spec / "participants.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: (row["medical_program_id"], row["name"], row["medication_id"])))


def _programme(dosage: drugs.Dosage) -> str | None:
    codes = {code for brand in dosage.brands for code in brand.atc_codes}
    if any(code.startswith("A10A") for code in codes):
        return INSULIN
    return AFFORDABLE if codes & COVERED else None


def _priced(programme: str, dosage: drugs.Dosage) -> list[dict[str, object]]:
    units = {brand.id: _unit_price(dosage, brand) for brand in dosage.brands}
    by_size: dict[object, list[Decimal]] = defaultdict(list)
    for brand in dosage.brands:
        by_size[brand.container_amount].append(units[brand.id])
    daily = drugs.daily_dose(frozenset(code for brand in dosage.brands for code in brand.atc_codes), dosage.form)
    found = []
    for brand in dosage.brands:
        price = _money(units[brand.id] * brand.package_qty)
        paid = _money(min(by_size[brand.container_amount]) * brand.package_qty)
        amounts = (paid, _money(price / Decimal("1.177")), price, price - paid, _daily(daily, dosage, paid, brand))
        told = (programme, brand.id, dosage.name, START, *amounts)
        found.append(dict(zip(COLUMNS, told, strict=True)))
    return found


def _unit_price(dosage: drugs.Dosage, brand: drugs.Brand) -> Decimal:
    """One to four hryvnias a tablet; insulins and solutions by the millilitre."""
    base = Decimal(45) if dosage.form.unit == "ML" else Decimal(1) + _chance(str(dosage.id)) * 2
    return base * (brand.container_amount or 1) * (1 + _chance(brand.manufacturer + str(dosage.id)) * Decimal("0.6"))


def _daily(daily: drugs.Dose | None, dosage: drugs.Dosage, paid: Decimal, brand: drugs.Brand) -> object:
    """What the state pays for a day."""
    part = dosage.ingredients[0]
    if daily is None or daily.unit != part.unit:
        return ""
    return _money(paid / brand.package_qty / (brand.container_amount or 1) * daily.amount / part.amount)


def _chance(text: str) -> Decimal:
    """From 0 to 1, the same for the same text."""
    return Decimal(int(sha256(text.encode()).hexdigest()[:4], 16)) / Decimal(0xFFFF)


def _money(amount: Decimal) -> Decimal:
    return amount.quantize(KOPECK, ROUND_HALF_UP)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SPEC)
