#!/usr/bin/env bash
# msgspec 0.22.0: a bound on a Decimal.
#
# Input      an amount in an API's body as `Annotated[Decimal, Meta(ge=0)]`, the way an int or a float is bounded.
# Guess      the bound is checked as it is for numbers, or the type is refused where it is declared.
# Seen       the structure is declared and imported without a fault; TypeError is raised when the first body is decoded, so
#            it is met by the first request and not by the start of the program. Exact amounts need a check of their own.
# Ends with 0 while it is so, with 1 when the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "msgspec==0.22.0"
"$folder/venv/bin/python" - <<'PYTHON'
import importlib.metadata
import sys
from decimal import Decimal
from typing import Annotated

import msgspec


class Line(msgspec.Struct):
    amount: Annotated[Decimal, msgspec.Meta(ge=0)]


class Counted(msgspec.Struct):
    amount: Annotated[int, msgspec.Meta(ge=0)]


def told(type_, body):
    try:
        return repr(msgspec.json.decode(body, type=type_))
    except (TypeError, msgspec.ValidationError) as fault:
        return f"{type(fault).__name__}: {fault}"


print("msgspec", importlib.metadata.version("msgspec"))
print("int:", told(Counted, b'{"amount": 1}'), "|", told(Counted, b'{"amount": -1}'))
seen = told(Line, b'{"amount": "1.50"}')
print("Decimal:", seen)
sys.exit(0 if seen.startswith("TypeError") else 1)
PYTHON
