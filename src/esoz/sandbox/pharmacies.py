"""Papers of the demo pharmacies: contracts with the НСЗУ, and a license for narcotic medicines."""

from datetime import timedelta
from uuid import UUID

from esoz.central import contracts, licences
from esoz.kernel.work import Work

from .country import Organisation, fixed_id


def contract(work: Work, organisation: Organisation, programmes: tuple[UUID, ...]) -> contracts.Contract:
    """A contract of a pharmacy with the НСЗУ for its one division."""
    return contracts.Contract(
        id=fixed_id(f"contract {organisation.key}"),
        contract_number=f"0000-{organisation.edrpou[-4:]}-R",
        contractor_legal_entity_id=organisation.id,
        contractor_divisions=(organisation.division_id,),
        medical_programs=programmes,
        start_date=work.today - timedelta(days=300),
        end_date=work.today + timedelta(days=3000),
    )


def narcotics_license(work: Work) -> licences.LicenseDetails:
    """What a pharmacy needs for ф-3."""
    issued = work.today - timedelta(days=500)
    return licences.LicenseDetails(
        type="NARCOTIC_DRUGS",
        issued_by="Державна служба України з лікарських засобів та контролю за наркотиками",
        issued_date=issued,
        active_from_date=issued,
        is_primary=False,
        license_number="НП000001",
        order_no="1-Н",
    )
