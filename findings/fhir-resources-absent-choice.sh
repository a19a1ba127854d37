#!/usr/bin/env bash
# fhir.resources 8.3.0 (R4B): a required element of several types whose value is unknown.
#
# Input      an Immunization of which nobody knows the day: `_occurrenceDateTime` with the extension data-absent-reason and
#            no value, as FHIR R4 writes a required element that has an extension instead of a value.
# Guess      it is taken, because the same is taken for `_status` of the Immunization and `_date` of a Composition.
# Seen       ValidationError "Expect any of field value from this list ['occurrenceDateTime', 'occurrenceString']": for an
#            element of several types (occurrence[x]) the extension does not count. A summary of a patient must say the
#            unknown day as text (`occurrenceString`) to pass.
# Ends with 0 while it is so, with 1 when the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "fhir.resources==8.3.0"
"$folder/venv/bin/python" - <<'PYTHON'
import importlib.metadata
import sys

from fhir.resources.R4B.immunization import Immunization

REASON = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
UNKNOWN = {"extension": [{"url": REASON, "valueCode": "unknown"}]}
GIVEN = {
    "resourceType": "Immunization",
    "vaccineCode": {"text": "measles"},
    "patient": {"reference": "Patient/1"},
}


def told(**elements):
    try:
        Immunization.model_validate({**GIVEN, **elements})
    except ValueError as fault:
        return next(line for line in str(fault).splitlines() if "rror, " in line).strip().split(" [type=")[0]
    return "taken"


print("fhir.resources", importlib.metadata.version("fhir.resources"))
print("known day:", told(status="completed", occurrenceDateTime="2020"))
print("unknown status:", told(_status=UNKNOWN, occurrenceString="unknown"))
seen = told(status="completed", _occurrenceDateTime=UNKNOWN)
print("unknown day:", seen)
sys.exit(0 if seen != "taken" else 1)
PYTHON
