"""Legal entities and divisions: details that pass, to be changed by one thing."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from esoz.central import organisations
from esoz.central.dictionaries import Phone
from esoz.sandbox.build import address
from esoz.sandbox.country import KYIV

LICENSE = organisations.License(
    id=UUID(int=77),
    type="MSP",
    issued_by="МОЗ України",
    issued_date=date(2020, 1, 1),
    active_from_date=date(2020, 1, 2),
    order_no="77-Л",
    license_number="АЕ777777",
)


def legal_entity(**changes: Any) -> organisations.LegalEntityDetails:
    """A hospital that may be registered; a changed `edrpou` changes the state register too."""
    edr = organisations.EDR(
        id=UUID(int=78),
        name="Нова лікарня",
        edrpou=changes.get("edrpou", "44444444"),
        kveds=(organisations.Kved("Діяльність лікарняних закладів", "86.10", True),),
        registration_address={"address": "Київ, Садова, 1"},
        state=1,
    )
    details = organisations.LegalEntityDetails(
        edrpou="44444444",
        type="OUTPATIENT",
        edr=edr,
        residence_address=address(KYIV, "Садова", "1"),
        phones=(Phone("MOBILE", "+380671112233"),),
        email="hospital@esoz.example",
        public_offer=organisations.PublicOffer("Згода", True),
        license=msgspec.structs.replace(LICENSE, id=UUID(int=len(str(changes)) + 1000)),
    )
    return replace(details, **changes)


def division(**changes: Any) -> organisations.DivisionDetails:
    """A clinic's division that may be opened."""
    details = organisations.DivisionDetails(
        name="Відділення № 2",
        type="CLINIC",
        addresses=(address(KYIV, "Польова", "2"),),
        phones=(Phone("MOBILE", "+380671112233"),),
        email="Second@Esoz.Example",
        working_hours={"mon": [["08.00", "12.00"], ["14.00", "18.00"]]},
        external_id="3213213",
        latitude=50.45,
        longitude=30.52,
    )
    return replace(details, **changes)
