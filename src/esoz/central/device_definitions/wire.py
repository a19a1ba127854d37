"""Device definitions as published, in both versions."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.db import Row
from esoz.kernel.payload import JSON, omit_none

from .model import CLASSIFICATION, DeviceDefinitionFilter

# What is published of a device in a programme; what the state pays is told to pharmacies, with the programme.
_PROGRAM_DEVICE = (
    "id",
    "start_date",
    "end_date",
    "device_request_allowed",
    "care_plan_activity_allowed",
    "registry_number",
    "max_daily_count",
)
OPERATOR = UUID(int=0)  # who imports at the command line is no user of the system


class DeviceDefinitionFilterV1(msgspec.Struct, frozen=True, kw_only=True):
    """Filters of the first version of the list."""

    classification_type: str | None = None
    model_number: str | None = None
    name: str | None = None
    name_type: str | None = None
    medical_program_id: UUID | None = None
    is_active: bool = True

    def filters(self) -> DeviceDefinitionFilter:
        """The same in the second version; the first one knows devices of one system only."""
        same = {name: getattr(self, name) for name in self.__struct_fields__ if name != "classification_type"}
        return DeviceDefinitionFilter(
            classification_type_system=CLASSIFICATION, classification_type_code=self.classification_type, **same
        )


def definition(row: Row, programme: UUID | None = None) -> JSON:
    """A device; its programme is told when the list was asked about one."""
    content: Mapping[str, Any] = row["content"]
    programmes = [
        {name: value for name, value in each.items() if name in _PROGRAM_DEVICE}
        for each in content.get("program_devices", ())
        if each["medical_program_id"] == str(programme)
    ]
    published = {name: value for name, value in content.items() if name != "program_devices"}
    return published | omit_none(
        id=row["id"],
        program_devices=programmes or None,
        is_active=row["is_active"],
        inserted_at=row["inserted_at"],
        inserted_by=row["inserted_by"] or OPERATOR,
        updated_at=row["updated_at"],
        updated_by=row["updated_by"] or OPERATOR,
    )


def definition_old(row: Row, programme: UUID | None = None) -> JSON:
    """The same in the first version: one code of classification, properties without the newer kind of value."""
    current = definition(row, programme)
    content = row["content"]
    codes = [each["code"] for each in content["classification_types"] if each["system"] == CLASSIFICATION]
    properties = [
        each | {"type": each["type"]["code"]}
        for each in content.get("properties", ())
        if "value_codeable_concept" not in each
    ]
    rest = {name: value for name, value in current.items() if name not in ("classification_types", "properties")}
    return rest | omit_none(classification_type=codes[0], properties=properties or None)
