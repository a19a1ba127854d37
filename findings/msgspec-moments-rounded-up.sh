#!/usr/bin/env bash
# msgspec 0.22.0: a moment with seven digits of a second, as .NET writes the end of a day.
#
# Input      "2026-11-30T23:59:59.9999999+02:00", valid by RFC 3339, and "2026-11-30T12:00:00.1234567Z".
# Guess      what is finer than a microsecond is cut off, as CPython's `datetime.fromisoformat` and FHIR servers do; the
#            day at least stays.
# Seen       json.decode and convert round to the nearest microsecond: the first becomes 1 December, so a period that
#            ends with November ends in December, and a date reckoned from it is a day late.
# Ends with 0 while it is so, with 1 when the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "msgspec==0.22.0"
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from datetime import datetime

import msgspec

END, NOON = "2026-11-30T23:59:59.9999999+02:00", "2026-11-30T12:00:00.1234567Z"
seen = {
    "json.decode, end of day": msgspec.json.decode(f'"{END}"', type=datetime).isoformat(),
    "convert, end of day": msgspec.convert(END, datetime).isoformat(),
    "json.decode, noon": msgspec.json.decode(f'"{NOON}"', type=datetime).isoformat(),
    "fromisoformat, end of day": datetime.fromisoformat(END).isoformat(),
}
print("msgspec", msgspec.__version__)
for name, answer in seen.items():
    print(f"{name:26} {answer}")
expected = [
    "2026-12-01T00:00:00+02:00",
    "2026-12-01T00:00:00+02:00",
    "2026-11-30T12:00:00.123457+00:00",
    "2026-11-30T23:59:59.999999+02:00",
]
sys.exit(list(seen.values()) != expected)
PYTHON
