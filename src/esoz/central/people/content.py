"""What a doctor signs to settle what a register doubts of a person."""

from collections.abc import Mapping
from typing import Any

import msgspec

from esoz.kernel.decoding import convert, must_be_known
from esoz.kernel.errors import Invalid, Rejected
from esoz.kernel.work import SchemaBook

from .model import Settlement

PATH = "/api/persons/{id}/verification"


class _Content(msgspec.Struct, frozen=True):
    """Exactly one register."""

    dracs_death: Settlement | None = None
    dracs_name_change: Settlement | None = None


def settlement_of(schemas: SchemaBook, content: Mapping[str, Any]) -> tuple[str, Settlement]:
    """The register and how it is settled. Raises Rejected naming the fields, unless there is exactly one."""
    schema = schemas.signed("PATCH", PATH)
    assert schema is not None
    schema.check(content)
    must_be_known(content, _Content, schema)
    signed = convert(content, _Content, root="$", strict=False)
    chosen = [(name, found) for name in _Content.__struct_fields__ if (found := getattr(signed, name)) is not None]
    if len(chosen) != 1:
        raise Rejected(invalid=(Invalid("$", "schemata", "exactly one of the allowed forms must be present"),))
    return chosen[0]
