"""The register of rules: what each id that code and tests cite says, and where it comes from."""

import re
from functools import cache

import msgspec

from .files import csv_rows

FAMILIES = {
    "AUTH": "Users, sign-in, tokens, roles",
    "GW": "What every request passes",
    "LE": "Legal entities",
    "DV": "Divisions",
    "AD": "Addresses",
    "EM": "Employees",
    "SG": "Tax ids and signatures",
    "PS": "People",
    "CB": "The patient's cabinet",
    "CC": "The contact centre",
    "DC": "Declarations",
    "MR": "Prescriptions",
    "MD": "Dispenses",
    "DVR": "Devices on prescription",
    "DVD": "Devices handed over",
    "DR": "Medicines and programmes",
    "JB": "Jobs",
    "EP": "Episodes",
    "EN": "Encounters and their packages",
    "CE": "Records of a package",
    "DG": "Diagnostic reports",
    "CN": "Taking records back",
    "RD": "Reading records",
    "SR": "Referrals and the catalogue of services",
    "CM": "Medical conclusions",
    "CP": "Care plans",
    "TM": "Care teams",
    "AP": "Approvals",
    "AB": "Access to medical records",
    "NT": "Notices to patients",
    "OT": "Codes to patients",
    "CT": "Contracts",
    "CR": "Capitation",
    "RB": "Reimbursement",
    "DI": "Dictionaries",
    "GP": "Parameters of the country",
    "ER": "Faults and answers",
    "ST": "Public statistics",
    "EV": "Events, audit, signed files",
    "CJ": "Periodic work",
    "BG": "Defects of 2019 that are not to come back",
    "WT": "Territories of war, and handing over without an electronic prescription",
    "PH": "The stock of a pharmacy",
    "PP": "Prescriptions on paper",
    "WS": "Wholesale supply without a prescription",
}
_ID = re.compile(rf"\b({'|'.join(FAMILIES)})-(\d+)\b(?:\s*(?:…|to)\s*\1-(\d+)\b)?")


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One rule; `here` says what is otherwise in this system, on purpose."""

    id: str
    title: str
    source: str
    date: str
    here: str = ""

    @property
    def family(self) -> str:
        return self.id.partition("-")[0]


@cache
def rules() -> dict[str, Rule]:
    """Return the register by id, in its order."""
    return {row["id"]: msgspec.convert(row, Rule) for row in csv_rows("rules.csv")}


def cited(text: str) -> list[str]:
    """Return the ids that a text names, in its order: `CN-1 … CN-3` and `CN-1 to CN-3` are three."""
    return [
        f"{family}-{number}"
        for family, first, last in _ID.findall(text)
        for number in range(int(first), int(last or first) + 1)
    ]
