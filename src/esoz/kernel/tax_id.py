"""The number of a taxpayer (РНОКПП)."""

import re

_TAX_ID = re.compile(r"\d{10}", re.ASCII)
_WEIGHTS = (-1, 5, 7, 9, 4, 6, 10, 5, 7)


def tax_id_is_valid(tax_id: str) -> bool:
    """Whether the control digit of a РНОКПП is right."""
    # SG-1: ((weighted sum of nine digits mod 11) mod 10) = tenth digit; all zeros refused.
    if not _TAX_ID.fullmatch(tax_id) or tax_id == "0000000000":
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, tax_id, strict=False))
    return total % 11 % 10 == int(tax_id[9])
