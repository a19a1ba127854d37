"""The patient as a resource, prescriptions and devices: what central keeps in shapes of its own."""

from collections.abc import Mapping

from esoz.kernel.pages.quantities import unit_of

from ...prescriptions.model import Prescription
from ...record.model.words import place
from .codes import GENDER, PRESCRIPTION_STATUS
from .elements import URIS, Document, Element, Elements, absent, address, id_of, moment, refer
from .resources import Telling

# Numbers of a person, by names of ours: Ukraine publishes no addresses for them.
TAX_ID, UNZR, DOCUMENT = "urn:esoz:rnokpp", "urn:esoz:unzr", "urn:esoz:document:"
FORM = "MEDICATION_FORM"
OF_DEVICE: Mapping[str, str] = {"active": "active", "inactive": "completed"}


def patient(elements: Elements, person: Document) -> Element:
    """Who the summary is about."""
    numbers: list[Element] = [
        {"system": URIS, "value": address(str(person["id"]))},
        {"system": TAX_ID, "value": person.get("tax_id")},
        {"system": UNZR, "value": person.get("unzr")},
        *({"system": DOCUMENT + each["type"], "value": each["number"]} for each in person.get("documents") or ()),
    ]
    contact = person.get("emergency_contact") or {}
    phones = _phones(contact.get("phones"))
    role = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0131", "code": "C"}]}
    return {
        "resourceType": "Patient",
        "id": id_of("Patient", person["id"]),
        "identifier": [each for each in numbers if each["value"]],
        "active": True,
        "name": [_name(person)],
        "telecom": [*_phones(person.get("phones")), *_mail(person.get("email"))],
        "gender": GENDER.get(str(person.get("gender")), "unknown"),
        "birthDate": person.get("birth_date"),
        "address": [_address(elements, each) for each in person.get("addresses") or ()],
        "contact": [{"relationship": [role], "name": _name(contact), "telecom": phones}] if phones else [],
    }


def _name(person: Document) -> Element:
    given = [part for name in ("first_name", "second_name") if (part := person.get(name))]
    family = str(person.get("last_name") or "")
    return {"use": "official", "text": " ".join([family, *given]).strip(), "family": family, "given": given}


def _phones(phones: object) -> list[Element]:
    listed = phones if isinstance(phones, list) else []
    uses = {"MOBILE": "mobile", "LAND_LINE": "home"}
    return [{"system": "phone", "value": each["number"], "use": uses.get(each.get("type"))} for each in listed]


def _mail(email: object) -> list[Element]:
    return [{"system": "email", "value": email}] if email else []


def _address(elements: Elements, found: Document) -> Element:
    """RESIDENCE is where one lives, REGISTRATION where one is registered."""
    street = " ".join(filter(None, (found.get("street"), found.get("building"))))
    flat = f", {found['apartment']}" if found.get("apartment") else ""
    region = found.get("area") or found.get("region")
    return {
        "use": "home" if found.get("type") == "RESIDENCE" else "old" if found.get("type") == "OLD" else None,
        "text": ", ".join(filter(None, (region, found.get("settlement"), f"{street}{flat}"))),
        "line": [f"{street}{flat}"],
        "city": found.get("settlement"),
        "district": found.get("region"),
        "state": found.get("area"),
        "postalCode": found.get("zip"),
        "country": found.get("country"),
    }


def prescription(telling: Telling, document: Document) -> Element:
    """A prescription: what was prescribed is told in words, for its register has no codes that others know."""
    found = Prescription(document)
    elements = telling.elements
    dose = place(document, "medication_info.form")
    doctor = place(document, "employee.party") or {}
    name = " ".join(filter(None, (doctor.get(part) for part in ("last_name", "first_name", "second_name"))))
    unit = unit_of(found.medicine)
    return {
        "resourceType": "MedicationRequest",
        "id": id_of("MedicationRequest", document["id"]),
        "identifier": [
            {"system": URIS, "value": address(str(document["id"]))},
            {"system": "urn:esoz:prescription", "value": found.number},
        ],
        "status": PRESCRIPTION_STATUS.get(found.status, "unknown"),
        "intent": "plan" if found.is_plan else "order",
        "medicationCodeableConcept": {
            "text": ", ".join(filter(None, (found.substance, elements.words.of(dose, FORM))))
        },
        "subject": telling.patient,
        "authoredOn": moment(document.get("created_at")),
        "requester": {"display": name},
        "dosageInstruction": [_instruction(elements, each) for each in document.get("dosage_instruction") or ()],
        "dispenseRequest": {
            "validityPeriod": {"start": moment(found.first_day), "end": moment(found.last_day)},
            "quantity": {"value": float(found.quantity), "unit": unit},
        },
    }


def _instruction(elements: Elements, line: Document) -> Element:
    return {
        "sequence": line.get("sequence"),
        "text": line.get("text"),
        "patientInstruction": line.get("patient_instruction"),
        "route": elements.concept(line.get("route")),
        "method": elements.concept(line.get("method")),
        "site": elements.concept(line.get("site")),
    }


def device(telling: Telling, document: Document) -> Element:
    """A device that is in or on the patient."""
    names = [{"name": each.get("value"), "type": "user-friendly-name"} for each in document.get("name") or ()]
    return {
        "resourceType": "Device",
        "id": id_of("Device", document["id"]),
        "identifier": [{"system": URIS, "value": address(str(document["id"]))}],
        "manufacturer": document.get("manufacturer"),
        "manufactureDate": moment(document.get("manufacture_date")),
        "lotNumber": document.get("lot_number"),
        "serialNumber": document.get("serial_number"),
        "deviceName": [each for each in names if each["name"]],
        "modelNumber": document.get("model_number"),
        "type": telling.elements.concept(document.get("type")),
        "patient": telling.patient,
    }


def device_use(telling: Telling, document: Document) -> Element:
    """That the patient has it; since when the record of a device does not say."""
    return {
        "resourceType": "DeviceUseStatement",
        "id": id_of("DeviceUseStatement", document["id"]),
        "status": OF_DEVICE.get(str(document.get("status")), "completed"),
        "subject": telling.patient,
        "device": refer(id_of("Device", document["id"])),
        "recordedOn": moment(document.get("inserted_at")),
        **absent("timingDateTime"),
    }
