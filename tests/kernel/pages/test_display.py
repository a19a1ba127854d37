"""How things are shown, in which language, and that every text has its translation."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from esoz.kernel.pages import display, translations
from esoz.kernel.pages.display import Display
from esoz.kernel.pages.templates import with_query

UK = Display("uk", translations.load("uk", ["esoz.kernel"]))
EN = Display("en", translations.load("en", ["esoz.kernel"]))
TODAY = date(2026, 11, 22)
NIGHT = datetime(2026, 11, 21, 22, 5, tzinfo=UTC)


# MR-4
class TestDates:
    def test_long_date_then_the_month_is_in_the_genitive(self):
        assert UK.long_date(TODAY).replace("\xa0", " ") == "22 листопада 2026 року"
        assert EN.long_date(TODAY).replace("\xa0", " ") == "22 November 2026"

    def test_late_in_the_evening_in_utc_then_it_is_the_next_day_in_kyiv(self):
        assert display.short_date(NIGHT) == "22.11.2026"
        assert UK.moment(NIGHT).replace("\xa0", " ") == "22 листопада 2026 року, 0:05"

    def test_texts_of_the_api_then_read_as_dates_and_moments(self):
        assert display.short_date("2026-11-21T22:05:00.000000Z") == "22.11.2026"
        assert display.clock_time("2026-07-01T06:05:00Z") == "9:05"  # summer time
        assert display.iso_date("2026-11-22") == "2026-11-22"

    @pytest.mark.parametrize(
        "show", [display.short_date, display.clock_time, display.iso_date, UK.long_date, UK.moment]
    )
    def test_nothing_known_then_nothing_shown(self, show):
        assert show(None) == ""


class TestAge:
    @pytest.mark.parametrize(
        ("born", "shown"),
        [
            ("1991-11-22", "35 років"),
            ("1991-11-23", "34 роки"),
            ("2005-03-09", "21 рік"),
            ("2015-03-09", "11 років"),
            ("2024-11-22", "2 роки"),
            ("2024-11-23", "23 місяці"),
            ("2026-11-22", "0 місяців"),
            ("2026-10-22", "1 місяць"),
        ],
    )
    def test_age_then_the_word_agrees_with_the_number(self, born, shown):
        assert UK.age(born, TODAY) == shown


class TestNumbers:
    @pytest.mark.parametrize(
        ("value", "shown"), [("12.5", "12,5"), (Decimal("1250.000"), "1\xa0250"), (0, "0"), (0.1, "0,1"), (None, "")]
    )
    def test_quantity_then_comma_and_no_idle_zeros(self, value, shown):
        assert display.quantity(value) == shown

    def test_quantity_with_unit_then_they_do_not_part(self):
        assert display.quantity(2, "мг") == "2\xa0мг"

    def test_money_then_two_places_and_the_sign(self):
        assert display.money("1612") == "1\xa0612,00\xa0₴"


class TestNames:
    def test_short_name_of_a_record_or_a_model_then_initials(self):
        person = {"last_name": "Ґудзь", "first_name": "Омелян", "second_name": None}
        assert display.short_name(person) == "Ґудзь\xa0О."
        assert display.full_name(person) == "Ґудзь Омелян"

    def test_phone_then_only_its_end_is_told(self):
        assert display.phone_mask("+380501234567").replace("\xa0", " ") == "+380 ** *** ** 67"
        assert display.phone_mask("12") == ""


class TestTranslations:
    @pytest.mark.parametrize("language", ["uk", "en"])
    def test_every_text_of_the_kit_then_it_is_translated(self, language):
        assert translations.untranslated("esoz.kernel", language) == []

    def test_a_text_without_translation_then_it_is_found(self):
        assert "Розклад" in translations.untranslated("tests.kernel.pages.example", "en")

    @pytest.mark.parametrize(
        ("asked", "kept", "accepted", "chosen"),
        [
            ("", "", "", "uk"),
            ("", "", "en-US,en;q=0.9", "en"),
            ("", "", "pl,uk;q=0.5,en;q=0.4", "uk"),
            ("", "", "en;q=0.3,uk;q=0.8", "uk"),
            ("", "uk", "en", "uk"),
            ("en", "uk", "uk", "en"),
            ("xx", "", "de;q=x", "uk"),
        ],
    )
    def test_choose_then_address_before_session_before_browser(self, asked, kept, accepted, chosen):
        assert translations.choose(asked, kept, accepted) == chosen


def test_with_query_when_a_parameter_changes_then_the_others_stay():
    query = [("q", "Ґ"), ("page", "2"), ("state", "a"), ("state", "b")]
    assert with_query("/queue", query, page=3) == "/queue?q=%D2%90&state=a&state=b&page=3"
    assert with_query("/queue", [("page", "2")], page=None) == "/queue"
