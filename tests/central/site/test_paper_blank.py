"""The blank of form 1 for doctors outside of the system: what must stand on it, and the printed page."""

from datetime import date

import pytest

from esoz.central.site.paper_blank.model import printed, read

from .conftest import Browser

PATH = "/paper-prescription"
TODAY = date(2026, 11, 22)
FILLED = {
    "institution": "ФОП Ковальчук, кабінет лікаря",
    "edrpou": "3024500009",
    "address": "м. Київ, вул. Садова, 1",
    "series": "АБ",
    "number": "000123",
    "patient": "Ґалаґан Їжак Єлисейович",
    "born_on": "1990-02-28",
    "doctor": "Ковальчук Олена Іванівна",
    "issued_on": "2026-11-22",
    "valid_to": "2026-12-22",
    "name_1": "Амоксицилін (Amoxicillin)",
    "dose_1": "капсули 500 мг",
    "quantity_1": "20 капсул",
    "use_1": "По 1 капсулі тричі на день після їди, 7 днів",
}


# PP-2, PP-3
class TestRead:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"institution": ""}, "institution"),
            ({"institution": "а" * 121}, "institution"),
            ({"edrpou": "123"}, "edrpou"),
            ({"patient": " "}, "patient"),
            ({"doctor": ""}, "doctor"),
            ({"born_on": "2026-11-23"}, "born_on"),
            ({"born_on": "1990-02-30"}, "born_on"),
            ({"issued_on": "2026-11-23", "valid_to": "2026-11-24"}, "issued_on"),
            ({"valid_to": "2026-12-23"}, "valid_to"),
            ({"valid_to": "2026-11-21"}, "valid_to"),
            ({"name_1": "", "dose_1": "", "quantity_1": "", "use_1": ""}, "name_1"),
            ({"name_1": ""}, "name_1"),
            ({"use_1": "Відомо."}, "use_1"),
            ({"use_1": "Зовнішнє"}, "use_1"),
            ({"use_1": "1 t.i.d."}, "use_1"),
            ({"use_2": "По 1 таблетці"}, "name_2"),
        ],
    )
    def test_blank_when_something_is_wrong_then_told_at_its_field(self, changes: dict[str, str], field: str) -> None:
        blank, errors = read(FILLED | changes, TODAY)
        assert blank is None and next(iter(errors)) == field

    def test_blank_when_right_then_up_to_three_medicines(self) -> None:
        more = {f"{name}_{n}": FILLED[f"{name}_1"] for name in ("name", "dose", "quantity", "use") for n in (2, 3, 4)}
        blank, errors = read(FILLED | more, TODAY)
        assert not errors and blank is not None and len(blank.medicines) == 3

    @pytest.mark.parametrize("text", ["💊", "а" * 120, "Ґ'’\u202e", "<b>#let</b> $x$ \\ *"])
    def test_blank_whatever_is_typed_then_one_tagged_page(self, text: str) -> None:
        blank, _ = read(FILLED | {"patient": text, "name_1": text}, TODAY)
        assert blank is not None
        pdf = printed(blank)
        assert pdf.startswith(b"%PDF-") and pdf.count(b"/Type /Page\n") + pdf.count(b"/Type/Page/") == 1


class TestPage:
    async def test_filled_in_then_a_file_and_nothing_is_kept(self, browser: Browser, db) -> None:
        page = (await browser.get(PATH)).text
        assert 'value="2026-11-22"' in page and 'value="2026-12-22"' in page
        answer = await browser.send(PATH, **FILLED)
        assert answer.headers["content-type"] == "application/pdf" and answer.content.startswith(b"%PDF-")
        assert "recept-f1-2026-11-22.pdf" in answer.headers["content-disposition"]
        assert b"pdfuaid" in answer.content

    async def test_filled_in_wrongly_then_what_was_typed_is_there(self, browser: Browser) -> None:
        await browser.get(PATH)
        answer = await browser.send(PATH, **(FILLED | {"edrpou": "1"}))
        assert answer.status_code == 422 and 'href="#edrpou"' in answer.text and "Ґалаґан Їжак" in answer.text

    async def test_sent_very_often_then_to_come_again_later(self, browser: Browser) -> None:
        await browser.get(PATH)
        statuses = [(await browser.send(PATH, edrpou="1")).status_code for _ in range(21)]
        assert set(statuses[:20]) == {422} and statuses[20] == 429
