"""Rules of registration of a person: every fault by its published text and place."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from esoz.central.dictionaries import Address, Phone
from esoz.central.people.model import (
    ADULT_AGE,
    AuthenticationDetails,
    AuthenticationType,
    ConfidantDetails,
    Document,
    EmergencyContact,
    PersonDetails,
    RelationshipDocument,
    age,
    initial_verification,
    last_birthday_of_adults,
    person_faults,
)
from esoz.kernel.clock import Days

TODAY = date(2026, 11, 22)
PARENT = UUID("0d7fd0a2-5a3b-4a43-9a43-2b6dbb6f9d11")
HOME = Address("RESIDENCE", "UA", "Київ", "Київ", "CITY", UUID(int=1), zip="01001")
PHONE = Phone("MOBILE", "+380503410870")
PASSPORT = Document("PASSPORT", "АА120518", "Рокитнянський РВ", date(2010, 2, 28))
ADULT = PersonDetails(
    first_name="Петро",
    last_name="Іванов",
    second_name="Миколайович",
    birth_date=date(1991, 8, 19),
    birth_country="Україна",
    birth_settlement="Вінниця",
    gender="MALE",
    secret="секретне",
    tax_id="3126509817",
    documents=(PASSPORT,),
    addresses=(HOME,),
    phones=(PHONE,),
    emergency_contact=EmergencyContact("Олена", "Іванова", (PHONE,)),
    authentication_methods=(AuthenticationDetails(type=AuthenticationType.OTP, phone_number="+380503410870"),),
)
BIRTH_CERTIFICATE = Document("BIRTH_CERTIFICATE", "1БК123456", "ДРАЦС", date(2020, 1, 20))
PAPER = RelationshipDocument("BIRTH_CERTIFICATE", "1БК123456", "ДРАЦС", date(2020, 1, 20))
CONFIDANT = ConfidantDetails(person_id=PARENT, documents_relationship=(PAPER,))
CHILD = replace(
    ADULT,
    birth_date=date(2020, 1, 10),
    tax_id=None,
    documents=(BIRTH_CERTIFICATE,),
    authentication_methods=(AuthenticationDetails(type=AuthenticationType.THIRD_PERSON, value=PARENT),),
    confidant_persons=(CONFIDANT,),
)


def faults(person: PersonDetails) -> list[tuple[str, str]]:
    return [(fault.entry, fault.description) for fault in person_faults(person, Days(TODAY, TODAY, TODAY))]


def document(type: str, number: str, **changes: date | None) -> Document:
    dates = {"issued_at": date(2020, 2, 28), "expiration_date": TODAY + timedelta(days=365)} | changes
    return Document(type, number, "Орган", **dates)


@pytest.mark.parametrize("person", [ADULT, CHILD])
def test_person_when_everything_is_right_then_no_fault(person):
    assert faults(person) == []


# DC-3, DC-4, PS-1, PS-2, PS-3, PS-5, PS-6, PS-7, PS-13, PS-14
@pytest.mark.parametrize(
    ("changes", "entry", "words"),
    [
        ({"tax_id": None}, ".tax_id", "Only persons who refused the tax_id could be without tax_id"),
        ({"no_tax_id": True}, ".tax_id", "Persons who refused the tax_id should be without tax_id"),
        ({"tax_id": "3126509816"}, ".tax_id", "Person's tax ID in not valid."),
        ({"unzr": "19910820-00099"}, ".unzr", "Birthdate or unzr is not correct"),
        ({"birth_date": TODAY + timedelta(days=1)}, ".birth_date", "Invalid birth date."),
        ({"birth_date": date(1875, 11, 21)}, ".birth_date", "Invalid birth date."),
        ({"addresses": ()}, ".addresses", "Addresses with type RESIDENCE should be one and only one"),
        ({"addresses": (HOME, HOME)}, ".addresses", "Addresses with type RESIDENCE should be one and only one"),
        ({"phones": (PHONE, PHONE)}, ".phones[1].type", "No duplicate values."),
        ({"documents": ()}, ".documents", "expected at least 1 items"),
        ({"documents": (PASSPORT, PASSPORT)}, ".documents[1].type", "No duplicate values."),
        ({"authentication_methods": ()}, ".authentication_methods", "expected exactly 1 item"),
        ({"secret": "коротко"[:5]}, ".secret", "expected 6 to 20 characters"),
        ({"secret": "о" * 21}, ".secret", "expected 6 to 20 characters"),
        ({"preferred_way_communication": "pigeon"}, ".preferred_way_communication", "value is not allowed in enum"),
    ],
)
def test_adult_when_one_thing_is_wrong_then_it_is_named(changes, entry, words):
    assert (f"$.person{entry}", words) in faults(replace(ADULT, **changes))


# PS-13
@pytest.mark.parametrize("name", ["Ivan", "Йожеф1", "Эдуард", "Объедков", "", "П" * 256])
def test_name_when_not_ukrainian_letters_then_refused(name):
    assert [entry for entry, _ in faults(replace(ADULT, first_name=name))] == ["$.person.first_name"]


@pytest.mark.parametrize("name", ["Дем’ян", "О'Лірі", "Анна-Марія", "Ґалаґан Їжакевич"])
def test_name_when_ukrainian_with_apostrophe_hyphen_or_space_then_allowed(name):
    assert faults(replace(ADULT, first_name=name)) == []


# PS-1
@pytest.mark.parametrize(
    ("years", "needs_tax_id"), [(date(2012, 11, 22), True), (date(2012, 11, 23), False)], ids=["14", "a day before"]
)
def test_tax_id_when_age_is_fourteen_then_it_becomes_mandatory(years, needs_tax_id):
    papers = (replace_document(BIRTH_CERTIFICATE, date(2013, 1, 1)), replace_document(PASSPORT, date(2013, 1, 1)))
    person = replace(CHILD, birth_date=years, documents=papers)
    words = "Only persons who refused the tax_id could be without tax_id"
    assert (("$.person.tax_id", words) in faults(person)) is needs_tax_id


def replace_document(paper: Document, issued_at: date) -> Document:
    return Document(paper.type, paper.number, paper.issued_by, issued_at)


# PS-9, PS-10, PS-13
@pytest.mark.parametrize(
    ("paper", "place", "words"),
    [
        (document("PASSPORT", "АА12051"), "number", "string does not match pattern of the document"),
        (document("PASSPORT", "AA120518"), "number", "string does not match pattern of the document"),  # Latin letters
        (document("PASSPORT", "АЫ120518"), "number", "string does not match pattern of the document"),
        (document("BIRTH_CERTIFICATE", "1БЪ000777"), "number", "string does not match pattern of the document"),
        (document("REFUGEE_CERTIFICATE", "ЭЪ1234"), "number", "string does not match pattern of the document"),
        (document("REFUGEE_CERTIFICATE", r"АБ12345\12345"), "number", "string does not match pattern of the document"),
        (document("NATIONAL_ID", "12345678"), "number", "string does not match pattern of the document"),
        (
            document("PASSPORT", "АА120518", issued_at=TODAY + timedelta(days=1)),
            "issued_at",
            "Document issued date should be in the past",
        ),
        (
            document("PASSPORT", "АА120518", issued_at=date(1991, 8, 18)),
            "issued_at",
            "Document issued date should greater than person.birth_date",
        ),
        (
            document("NATIONAL_ID", "123456789", expiration_date=None),
            "expiration_date",
            "expiration_date is mandatory for document_type NATIONAL_ID",
        ),
        (
            document("NATIONAL_ID", "123456789", expiration_date=TODAY - timedelta(days=1)),
            "expiration_date",
            "Document expiration_date should be in the future",
        ),
    ],
)
def test_document_when_wrong_then_its_field_is_named(paper, place, words):
    person = replace(ADULT, documents=(paper,), unzr="19910819-00099")
    assert faults(person) == [(f"$.person.documents[0].{place}", words)]


# PS-10
def test_document_when_valid_to_this_day_then_allowed():
    paper = document("NATIONAL_ID", "123456789", expiration_date=TODAY, issued_at=TODAY)
    assert faults(replace(ADULT, documents=(paper,), unzr="19910819-00099")) == []


# PS-3
def test_document_when_national_id_without_unzr_then_unzr_is_asked():
    found = faults(replace(ADULT, documents=(document("NATIONAL_ID", "123456789"),)))
    assert found == [("$.person.unzr", "unzr is mandatory for document type NATIONAL_ID")]


# PS-5
def test_documents_when_both_passports_then_refused():
    person = replace(ADULT, documents=(PASSPORT, document("NATIONAL_ID", "123456789")), unzr="19910819-00099")
    words = "Person can have only new passport NATIONAL_ID or old PASSPORT"
    assert faults(person) == [("$.person.documents", words)]


# PS-4
def test_child_when_without_birth_certificate_then_it_is_asked():
    person = replace(CHILD, documents=(document("PASSPORT", "АА120518", issued_at=date(2021, 1, 1)),))
    assert faults(person) == [("$.person.documents", "Must contain required item of type BIRTH_CERTIFICATE")]


# PS-8
def test_child_when_nobody_speaks_for_them_then_confidant_is_asked():
    found = faults(replace(CHILD, confidant_persons=()))
    assert ("$.person.confidant_person", "Confidant person is mandatory for children") in found


def test_child_when_authenticated_by_own_phone_then_refused():
    person = replace(CHILD, authentication_methods=ADULT.authentication_methods)
    words = "Person under 14 must be authenticated by a third person"
    assert faults(person) == [("$.person.authentication_methods[0].type", words)]


# PS-8
@pytest.mark.parametrize(
    ("confidants", "fault"),
    [
        (
            (CONFIDANT, replace(CONFIDANT, person_id=UUID(int=7))),
            ("$.person.confidant_person[1].relation_type", "No duplicate values."),
        ),
        (
            (replace(CONFIDANT, relation_type="SECONDARY"),),
            ("$.person.confidant_person", "one and only one confidant person with type PRIMARY is required"),
        ),
        (
            (replace(CONFIDANT, documents_relationship=()),),
            ("$.person.confidant_person[0].documents_relationship", "expected at least 1 items"),
        ),
        (
            (replace(CONFIDANT, documents_relationship=(PAPER, PAPER)),),
            ("$.person.confidant_person[0].documents_relationship[1].type", "No duplicate values."),
        ),
        (
            (replace(CONFIDANT, person_id=UUID(int=7)),),
            (
                "$.person.authentication_methods[0].value",
                "Authentication method value should be equal to confidant_person.person_id",
            ),
        ),
    ],
)
def test_confidants_when_wrong_then_named(confidants, fault):
    assert fault in faults(replace(CHILD, confidant_persons=confidants))


# PS-7
def test_otp_when_without_phone_then_it_is_asked():
    person = replace(ADULT, authentication_methods=(AuthenticationDetails(type=AuthenticationType.OTP),))
    words = "required property phone_number was not present"
    assert faults(person) == [("$.person.authentication_methods[0].phone_number", words)]


def test_faults_when_many_then_all_are_told_at_once():
    person = replace(ADULT, first_name="Ivan", tax_id=None, addresses=(), secret="")
    assert [entry for entry, _ in faults(person)] == [
        "$.person.first_name",
        "$.person.tax_id",
        "$.person.addresses",
        "$.person.secret",
    ]


def test_verification_when_person_is_new_then_only_known_registers_are_asked():
    found = initial_verification(CHILD)
    assert {register for register, state in found.items() if state["verification_status"] == "VERIFICATION_NEEDED"} == {
        "dracs_death",
        "dracs_birth",
    }
    assert found["drfo"] == {
        "verification_status": "VERIFICATION_NOT_NEEDED",
        "verification_reason": "AUTO_DATA_ABSENT",
    }


# PS-15, GP-1
def test_last_birthday_of_adults_when_compared_with_ages_then_the_same() -> None:
    for number in range(4 * 366):
        today = date(2024, 1, 1) + timedelta(days=number)
        born = last_birthday_of_adults(today)
        assert age(born, today) == ADULT_AGE, today
        assert age(born + timedelta(days=1), today) == ADULT_AGE - 1, today


# PS-13
@pytest.mark.parametrize("number", ["АБ1234", "АБ123456", "123456789", "ҐЄ12345/12345"])
def test_permit_when_its_number_is_as_printed_then_no_fault(number: str) -> None:
    papers = (*ADULT.documents, document("PERMANENT_RESIDENCE_PERMIT", number))
    assert faults(replace(ADULT, documents=papers)) == []
