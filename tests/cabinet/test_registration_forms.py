"""What is read from a certificate and from the forms of a registration, at every edge."""

from datetime import date

import pytest

from esoz.cabinet.access import Newcomer
from esoz.cabinet.registration import forms
from esoz.cabinet.registration.holder import Holder, birth_date_of, gender_of, holder_of
from esoz.cabinet.registration.model import Registration, Step, nonce_in, step_of

TODAY = date(2026, 11, 22)
BORN = date(1985, 3, 27)
HOLDER = Holder("Савченко", "Тетяна", "Андріївна", tax_id="3113200000")


def boxes(name: str, day: date) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


class TestHolder:
    @pytest.mark.parametrize(
        ("given", "first", "second"),
        [
            ("Тетяна Андріївна", "Тетяна", "Андріївна"),
            ("ТЕТЯНА АНДРІЇВНА", "Тетяна", "Андріївна"),
            ("Анна-Марія Ігорівна", "Анна-Марія", "Ігорівна"),
            ("Анна Марія", "Анна Марія", ""),
            ("Анна Марія Іллівна", "Анна Марія", "Іллівна"),
            ("Микита Лукич", "Микита", "Лукич"),
            ("Рустам Алі огли", "Рустам", "Алі огли"),
            ("Олена", "Олена", ""),
            ("МАР’ЯНА О’КЕЇВНА", "Мар’яна", "О’кеївна"),
        ],
    )
    # CB-2
    def test_names_of_a_certificate_then_as_people_write_them(self, given: str, first: str, second: str) -> None:
        found = holder_of(Newcomer("САВЧЕНКО-ЇЖАК", given, "1111111118"))
        assert (found.last_name, found.first_name, found.second_name) == ("Савченко-Їжак", first, second)

    # SG-4
    @pytest.mark.parametrize(
        ("drfo", "tax_id", "passport", "type"),
        [
            ("1111111118", "1111111118", "", ""),
            ("КС000017", "", "КС000017", "PASSPORT"),
            ("kc-000017", "", "КС000017", "PASSPORT"),  # Latin look-alikes
            ("001234567", "", "001234567", "NATIONAL_ID"),
            ("1111111111", "", "1111111111", ""),  # the control digit is wrong
        ],
    )
    def test_number_then_tax_id_or_passport(self, drfo: str, tax_id: str, passport: str, type: str) -> None:
        found = holder_of(Newcomer("Савченко", "Тетяна", drfo))
        assert (found.tax_id, found.passport, found.passport_type) == (tax_id, passport, type)

    # PS-13
    @pytest.mark.parametrize(("surname", "is_readable"), [("Smith", False), ("Сидорёв", False), ("Їжак", True)])
    def test_letters_of_the_index(self, surname: str, is_readable: bool) -> None:
        assert holder_of(Newcomer(surname, "Тетяна", "1111111118")).is_readable is is_readable

    def test_tax_id_then_birth_date_and_gender_are_guessed(self) -> None:
        assert birth_date_of("0000112345") == date(1900, 1, 1)
        assert birth_date_of("3113200000") == BORN
        assert birth_date_of("") is None and birth_date_of("0000012345") is None
        assert (gender_of("0000000010"), gender_of("0000000020"), gender_of("")) == ("MALE", "FEMALE", "")


ABOUT = {"gender": "FEMALE", "birth_country": "Україна", "birth_settlement": "Вінниця", "secret": "калина"}
PASSPORT = {"type": "PASSPORT", "number": "МЕ123456", "issued_by": "РВ"} | boxes("issued_at", date(2017, 2, 28))
CARD = PASSPORT | {"type": "NATIONAL_ID", "number": "001234567", "unzr": "1985032701234"}
CONTACTS = {"phone": "0671234567", "contact_last_name": "Іваненко", "contact_first_name": "Петро"}


class TestAbout:
    # PS-7, DC-4
    @pytest.mark.parametrize(
        ("born", "fault"),
        [
            (date(2012, 11, 22), None),  # fourteen today
            (date(2012, 11, 23), forms.TOO_YOUNG),
            (date(2026, 11, 23), forms.NOT_BORN),
            (date(1876, 1, 1), None),
            (date(1875, 11, 22), forms.NOT_BORN),  # 151 today
        ],
    )
    def test_birth_date_at_the_edges(self, born: date, fault: str | None) -> None:
        _, faults = forms.read_about(ABOUT | boxes("birth_date", born), TODAY)
        assert faults.get("birth_date") == fault

    def test_born_on_29_february_then_fourteen_on_1_march(self) -> None:
        typed = ABOUT | boxes("birth_date", date(2012, 2, 29))
        assert forms.read_about(typed, date(2026, 2, 28))[1] == {"birth_date": forms.TOO_YOUNG}
        assert forms.read_about(typed, date(2026, 3, 1))[1] == {}

    # PS-14
    @pytest.mark.parametrize(("length", "is_good"), [(5, False), (6, True), (20, True), (21, False)])
    def test_secret_word_of_six_to_twenty(self, length: int, is_good: bool) -> None:
        _, faults = forms.read_about(ABOUT | boxes("birth_date", BORN) | {"secret": "к" * length}, TODAY)
        assert ("secret" not in faults) is is_good

    def test_nothing_typed_then_each_field_says_what_to_do(self) -> None:
        _, faults = forms.read_about({}, TODAY)
        assert set(faults) == {"birth_date", "gender", "birth_country", "birth_settlement", "secret"}


class TestDocument:
    def read(self, typed: dict[str, str], holder: Holder = HOLDER, born: date = BORN) -> forms.Read:
        return forms.read_document(typed, TODAY, holder, born)

    def test_passport_typed_in_latin_and_with_a_space_then_as_the_index_has_it(self) -> None:
        values, faults = self.read(PASSPORT | {"number": "me 123456"})
        assert (values["number"], faults) == ("МЕ123456", {})

    # PS-3, PS-10
    def test_id_card_then_needs_a_term_and_the_number_of_the_register(self) -> None:
        _, faults = self.read(CARD | {"unzr": ""})
        assert set(faults) == {"expiration_date", "unzr"}
        values, faults = self.read(CARD | boxes("expiration_date", TODAY))
        assert (values["unzr"], faults) == ("19850327-01234", {})

    def test_term_over_yesterday_then_another_document(self) -> None:
        _, faults = self.read(CARD | boxes("expiration_date", date(2026, 11, 21)))
        assert faults == {"expiration_date": forms.EXPIRED}

    @pytest.mark.parametrize("unzr", ["19850328-01234", "19850327", "x", "１９８５０３２７-01234"])
    def test_number_of_the_register_of_another_birth_date_then_told(self, unzr: str) -> None:
        assert self.read(PASSPORT | {"unzr": unzr})[1] == {"unzr": forms.WRONG_UNZR}

    # PS-9
    def test_issued_before_birth_or_tomorrow_then_told(self) -> None:
        for day, fault in ((date(1985, 3, 26), forms.ISSUED_BEFORE_BIRTH), (date(2026, 11, 23), forms.ISSUED_AHEAD)):
            assert self.read(PASSPORT | boxes("issued_at", day))[1] == {"issued_at": fault}

    # SG-4
    def test_certificate_names_a_passport_then_no_other_is_taken(self) -> None:
        holder = Holder("Савченко", "Тетяна", "", passport="КС000017")
        assert self.read(PASSPORT, holder)[1] == {"number": forms.OTHER_NUMBER}
        assert self.read(PASSPORT | {"number": "KC 000017"}, holder)[1] == {}

    def test_birth_certificate_then_until_eighteen(self) -> None:
        assert "BIRTH_CERTIFICATE" in forms.offered_documents(date(2008, 11, 23), TODAY)
        assert "BIRTH_CERTIFICATE" not in forms.offered_documents(date(2008, 11, 22), TODAY)


class TestContacts:
    # PS-13
    @pytest.mark.parametrize(
        ("typed", "number"),
        [
            ("0671234567", "+380671234567"),
            ("067 123 45 67", "+380671234567"),
            ("+38 (067) 123-45-67", "+380671234567"),
            ("380671234567", "+380671234567"),
            ("671234567", None),
            ("+48671234567", None),
            ("0671234567890", None),
            ("٠٦٧١٢٣٤٥٦٧", None),
        ],
    )
    def test_telephone_in_the_ways_people_write_it(self, typed: str, number: str | None) -> None:
        values, faults = forms.read_contacts(CONTACTS | {"phone": typed, "contact_phone": "0501234567"})
        assert (values["phone"] if number else faults.get("phone")) == (number or forms.WRONG_PHONE)

    def test_email_then_in_small_letters_or_told(self) -> None:
        values, faults = forms.read_contacts(CONTACTS | {"contact_phone": "0501234567", "email": "T@Example.com"})
        assert (values["email"], faults) == ("t@example.com", {})
        for email in ("t@example", "t example.com", "a@b@c.com"):
            assert "email" in forms.read_contacts(CONTACTS | {"contact_phone": "0501234567", "email": email})[1]


class TestAddress:
    def test_everything_but_the_settlement_may_be_absent(self) -> None:
        assert forms.read_address({}, {"settlement": "Сад"}, {})[1] == {}
        assert set(forms.read_address({"zip": "1234", "street_type": "X"}, None, {"STREET": "вулиця"})[1]) == {
            "settlement",
            "street_type",
            "zip",
        }


class TestModel:
    def test_step_told_anew_then_what_was_signed_is_void(self) -> None:
        signed = Registration({Step.ABOUT: {}}, "signed")
        assert signed.with_answers(Step.CONTACTS, {}).signed == ""

    @pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b'{"jwt": 1}', b'"x"'])
    def test_document_of_nobody_then_no_nonce(self, content: bytes) -> None:
        assert nonce_in(content) == ""

    @pytest.mark.parametrize(
        ("entry", "step"),
        [
            ("$.person.documents[0].number", Step.DOCUMENT),
            ("$.person.unzr", Step.DOCUMENT),
            ("$.person.addresses[0].area", Step.ADDRESS),
            ("$.person.authentication_methods[0].phone_number", Step.CONTACTS),
            ("$.person.birth_date", Step.ABOUT),
            ("$.person.first_name", None),
            ("$.signed_content", None),
        ],
    )
    def test_fault_of_central_then_the_page_that_changes_it(self, entry: str, step: Step | None) -> None:
        assert step_of(entry) == step
