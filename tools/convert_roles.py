"""Carries who may hold which scope into src/esoz/spec/roles.json.

usage: python tools/convert_roles.py ROLES_SCOPES_JSON [SPEC_FOLDER]
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

SPEC = Path(__file__).parent.parent / "src" / "esoz" / "spec"
# The tables of 2026 are those of clinics and pharmacies; the staff of the state and the MIS itself stand in 2018 only.
ROLES_OF_2018 = ("NHS_ADMIN",)
OF_THE_STATE = (
    "declaration:read",
    "declaration:reject",
    "event:read",
    "legal_entity:verify",
    "party_verification:read",
    "role:read",
)
# The НСЗУ pays for what its reports tell, and a pharmacy is told what it is paid for.
REPORTS_OF_THE_STATE = ("reimbursement_report:read", "reimbursement_report:download")
REPORTS_OF_PHARMACIES = ("reimbursement_report:read",)
CLIENT_TYPES_OF_2018 = ("MIS", "NHS_ADMIN")


def main(source: Path, spec: Path) -> None:
    carried = json.loads(source.read_text("utf-8"))
    roles = carried["roles_2026"] | {name: carried["roles_2018"][name] for name in ROLES_OF_2018}
    old_types = carried["client_types_2018"]
    client_types = carried["client_types_2026"] | {name: old_types[name] for name in CLIENT_TYPES_OF_2018}
    roles["PATIENT"] = patient_scopes(spec / "operations.csv", bulk=False)
    client_types["PIS"] = patient_scopes(spec / "operations.csv", bulk=True)
    let_prescribe(roles, client_types)
    let_administer(roles, client_types)
    sections = {
        "roles": {name: " ".join(sorted(set(scopes))) for name, scopes in sorted(roles.items())},
        "client_types": {name: " ".join(sorted(set(scopes))) for name, scopes in sorted(client_types.items())},
        "employee_types": {
            name: " ".join(sorted(types))
            for name, types in sorted(carried["legal_entity_type_to_employee_types_2026"].items())
        },
    }
    (spec / "roles.json").write_text(json.dumps(sections, ensure_ascii=False, indent=1) + "\n", "utf-8")


def patient_scopes(operations: Path, *, bulk: bool) -> list[str]:
    """The scopes on the operations of the patient's cabinet; no role table publishes them.

    Bulk lists are read by the patient information system for itself, not by a patient.
    """
    with operations.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["visibility"] == "public" and row["deprecated"] == "0"]
    ours = [row for row in rows if row["path"].startswith(("/api/pis/", "/api/cabinet/", "/api/profile"))]
    return [scope for row in ours if bulk or "/bulk/" not in row["path"] for scope in row["scopes"].split()]


def let_prescribe(roles: dict[str, list[str]], client_types: dict[str, list[str]]) -> None:
    """Give who prescribes or dispenses the two look-ups without which neither can be done.

    The tables of 2026 give medical_program:read to no role at all, and drugs:read not to every prescriber; nor do they
    give job:read to pharmacists.
    """
    for table in (roles, client_types):
        for name, scopes in table.items():
            if "medication_request_request:write" in scopes:
                table[name] = [*scopes, "drugs:read", "medical_program:read"]
            elif "medication_dispense:write" in scopes:
                table[name] = [*scopes, "medical_program:read"]
            # A dispense of a device is answered with a job, and nobody could ask how it went.
            if "device_dispense:write" in scopes:
                table[name] = [*table[name], "job:read"]


def let_administer(roles: dict[str, list[str]], client_types: dict[str, list[str]]) -> None:
    """Give the scopes of published operations that stand in no table of roles to whom the operations are for."""
    for table in (roles, client_types):
        table["NHS_ADMIN"] = [*table["NHS_ADMIN"], *OF_THE_STATE, *REPORTS_OF_THE_STATE]
        # Who may take a prescription back may stop it for a while.
        for name, scopes in table.items():
            if "medication_request:reject" in scopes:
                table[name] = [*scopes, "medication_request:block", "medication_request:unblock"]
    for table, name in ((roles, "PHARMACY_OWNER"), (client_types, "PHARMACY")):
        table[name] = [*table[name], *REPORTS_OF_PHARMACIES]
    # The user of a MIS of the 2019 source (MIS USER): registers legal entities and follows their invitations.
    client_types["MIS"] = [*client_types["MIS"], "event:read"]
    roles["MIS_USER"] = ["event:read", "legal_entity:read", "legal_entity:write"]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else SPEC)
