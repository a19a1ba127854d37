"""From the number to «Відпущено»: the form, the code, the hold, the journal."""

import re
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Database
from tests.factories.prescriptions import Dispensing, Document, Prescribing, sent_code, set_programme, wrong
from tests.factories.world import World

from ..conftest import Browser, Wire
from .conftest import packages
from .counter import find, hold, sign


class TestFind:
    async def test_as_people_and_scanners_give_it_then_the_prescription(
        self, pharmacist: Browser, rx: Document
    ) -> None:
        number = rx["request_number"]
        typed = f"]C1{number.replace('-', '').lower()}"
        await find(pharmacist, typed)
        assert pharmacist.path == f"/pharmacy/prescriptions/{number}"
        assert "амоксицилін 500 мг капсули" in pharmacist.text and rx["person"]["short_name"] in pharmacist.text
        assert rx["legal_entity"]["name"] not in pharmacist.text

    async def test_of_a_scanner_on_the_ukrainian_layout_then_the_prescription_and_its_code(
        self, pharmacist: Browser, rx: Document, code: str
    ) -> None:
        number = rx["request_number"]
        keys = str.maketrans("AEHKMPTX", "ФУРЛЬЗЕЧ")
        await find(pharmacist, number.translate(keys), code)
        assert pharmacist.path == f"/pharmacy/prescriptions/{number}" and f'value="{code}"' in pharmacist.page.text

    async def test_several_of_one_qr_code_then_each_can_be_opened(
        self, pharmacist: Browser, rx: Document, code: str
    ) -> None:
        number, unknown = rx["request_number"], "0000-0000-0000-0000"
        await find(pharmacist, f"{number} {unknown}", "")  # as the patient's cabinet shows them together
        assert pharmacist.path == "/pharmacy" and unknown in pharmacist.text
        answer = await pharmacist.get(f"/pharmacy/prescriptions/{unknown}")
        assert answer.status_code == 404
        await pharmacist.get(f"/pharmacy/prescriptions/{number}")
        assert "Почати відпуск" in pharmacist.text
        await pharmacist.get("/pharmacy")
        assert f'href="/pharmacy/prescriptions/{number}"' in pharmacist.page.text
        await find(pharmacist, number, code)
        assert f'value="{code}"' in pharmacist.page.text
        await pharmacist.get("/pharmacy")
        assert "одного QR-коду" not in pharmacist.text

    async def test_of_letters_that_both_layouts_have_then_the_reading_that_is_a_prescription(
        self, pharmacist: Browser, rx: Document, code: str, central_database: Database
    ) -> None:
        number = "0000-12H4-5678-9000"
        async with central_database.connection() as db:
            for table in ("medication_requests", "prescription_numbers"):
                await db.execute(
                    f"update {table} set request_number = $2 where request_number = $1", rx["request_number"], number
                )
        await find(pharmacist, "0000-12Р4-5678-9000", code)
        assert pharmacist.path == f"/pharmacy/prescriptions/{number}" and "Почати відпуск" in pharmacist.text

    @pytest.mark.parametrize(
        "typed",
        [
            "",
            "1234",
            "0000-0000-0000",
            "<script>alert(1)</script>",
            "0000-243P-1X53-EH38' or 1=1",
            "\x1b[2J0000243P1X53EH38",
            "https://evil.example/0000-243P-1X53-EH38",
            "0" * 100_000,
            "0000-243P-1X53-EH38\r\nX: y",
            "\u202e83HE",
        ],
    )
    async def test_anything_else_then_politely_refused_and_central_not_asked(
        self, pharmacist: Browser, wire: Wire, typed: str
    ) -> None:
        wire.seen.clear()
        answer = await find(pharmacist, typed)
        assert answer.status_code == 422 and "0000-243P-1X53-EH38" in pharmacist.text
        assert "<script>alert" not in answer.text and not wire.seen

    async def test_a_number_that_nobody_has_then_told_at_the_field(self, pharmacist: Browser) -> None:
        answer = await find(pharmacist, "0000-0000-0000-0000")
        assert answer.status_code == 404 and "Рецепта з таким номером немає" in pharmacist.text

    async def test_a_bad_code_then_told_at_the_field(self, pharmacist: Browser, rx: Document) -> None:
        answer = await find(pharmacist, rx["request_number"], "12a4")
        assert answer.status_code == 422 and 'href="#code"' in answer.text

    async def test_taken_back_by_the_doctor_then_told_what_to_do_and_no_form(
        self, pharmacist: Browser, rx: Document, prescribing: Prescribing
    ) -> None:
        assert (await prescribing.reject(rx["id"])).status_code == 200
        await find(pharmacist, rx["request_number"])
        assert "Лікар відкликав рецепт" in pharmacist.text and "Почати відпуск" not in pharmacist.text

    async def test_after_its_last_day_then_expired(
        self, pharmacist: Browser, rx: Document, central_database: Database
    ) -> None:
        async with central_database.connection() as db:
            await db.execute("update medication_requests set last_day = '2026-11-21' where id = $1", UUID(rx["id"]))
        await find(pharmacist, rx["request_number"])
        assert "Строк дії рецепта минув" in pharmacist.text and "Почати відпуск" not in pharmacist.text

    async def test_blocked_then_told_what_to_do(
        self, pharmacist: Browser, rx: Document, central_database: Database
    ) -> None:
        async with central_database.connection() as db:
            await db.execute(
                "update medication_requests set is_blocked = true, block_reason_code = 'BLOCK_WRONG_QTY_DRUG'"
                " where id = $1",
                UUID(rx["id"]),
            )
        await find(pharmacist, rx["request_number"])
        assert "Рецепт заблоковано" in pharmacist.text and "Помилкова кількість" in pharmacist.text


class TestHandOver:
    async def test_a_part_of_it_then_dispensed_and_the_rest_is_told(
        self, pharmacist: Browser, rx: Document, code: str, ten: list[UUID], connected: World, wire: Wire
    ) -> None:
        await hold(pharmacist, rx["request_number"], code, **{f"packages-{ten[0]}": 1})
        assert pharmacist.path.startswith("/pharmacy/dispenses/"), pharmacist.text
        assert "Утримується за Вашою аптекою до" in pharmacist.text and "10 хвилин" in pharmacist.text
        await sign(pharmacist, connected)
        assert "Відпущено" in pharmacist.text and "залишилося: 10" in pharmacist.text
        await pharmacist.get("/dispenses")
        assert rx["request_number"] in pharmacist.text

    async def test_two_brands_one_of_them_in_parts_then_everything_is_given(
        self, pharmacist: Browser, prescribing: Prescribing, connected: World, central_database: Database
    ) -> None:
        rx = await prescribing.prescribe(medication_qty=50)
        async with central_database.connection() as db:
            code = await sent_code(db, rx["request_number"])
            [ten], [sixteen] = await packages(db, 10, 10), await packages(db, 16, 8)
        chosen = {f"packages-{ten}": 1, f"packages-{sixteen}": 2, f"units-{sixteen}": "8"}
        await hold(pharmacist, rx["request_number"], code, **chosen)
        await sign(pharmacist, connected)
        assert "залишилося: 0" in pharmacist.text, pharmacist.text
        await find(pharmacist, rx["request_number"])
        assert "За рецептом усе відпущено" in pharmacist.text

    async def test_a_part_of_the_smallest_part_then_refused(
        self, pharmacist: Browser, rx: Document, code: str, central_database: Database, wire: Wire
    ) -> None:
        async with central_database.connection() as db:
            [sixteen] = await packages(db, 16, 8)
        answer = await hold(pharmacist, rx["request_number"], code, **{f"units-{sixteen}": "5"})
        assert answer.status_code == 422 and f'href="#units-{sixteen}"' in answer.text

    async def test_more_than_is_left_then_refused_before_central_is_asked(
        self, pharmacist: Browser, rx: Document, code: str, ten: list[UUID], wire: Wire
    ) -> None:
        answer = await hold(pharmacist, rx["request_number"], code, **{f"packages-{ten[0]}": 3})
        assert answer.status_code == 422 and "більше, ніж залишилося" in pharmacist.text
        assert "/api/pharmacy/medication_dispenses" not in wire.paths("POST")

    async def test_nothing_chosen_then_refused(self, pharmacist: Browser, rx: Document, code: str) -> None:
        answer = await hold(pharmacist, rx["request_number"], code)
        assert answer.status_code == 422 and "хоча б для одного" in pharmacist.text

    async def test_without_a_code_that_is_needed_then_asked_for_and_no_tries_are_told(
        self, pharmacist: Browser, rx: Document, ten: list[UUID]
    ) -> None:
        answer = await hold(pharmacist, rx["request_number"], "", **{f"packages-{ten[0]}": 1})
        assert answer.status_code == 422 and "За цим рецептом потрібен код" in pharmacist.text
        assert "Залишилося спроб" not in pharmacist.text and f'id="packages-{ten[0]}"' in answer.text

    async def test_wrong_code_then_told_and_counted_once(
        self, pharmacist: Browser, rx: Document, code: str, ten: list[UUID], central_database: Database, wire: Wire
    ) -> None:
        wire.seen.clear()
        answer = await hold(pharmacist, rx["request_number"], wrong(code), **{f"packages-{ten[0]}": 1})
        assert answer.status_code == 422 and "Код не підходить" in pharmacist.text
        assert "Залишилося спроб: 4" in pharmacist.text
        assert f'id="packages-{ten[0]}"' in answer.text and 'value="1"' in answer.text
        async with central_database.connection() as db:
            assert await db.fetchval("select wrong_codes from medication_requests where id = $1", UUID(rx["id"])) == 1
        assert not [path for path in wire.paths("POST") if path == "/oauth/tokens"]

    async def test_wrong_codes_in_a_row_then_a_pause_in_words(
        self, pharmacist: Browser, rx: Document, code: str, ten: list[UUID], clock: FixedClock
    ) -> None:
        for left in ("спроб: 4", "спроб: 3", "спроб: 2", "спроб: 1", "ще 15 хв"):
            await hold(pharmacist, rx["request_number"], wrong(code), **{f"packages-{ten[0]}": 1})
            assert left in pharmacist.text
        clock.forward(timedelta(minutes=10))
        await hold(pharmacist, rx["request_number"], code, **{f"packages-{ten[0]}": 1})
        assert "рецепт не приймає жодного ще 6 хв" in pharmacist.text

    async def test_all_at_once_by_the_programme_and_a_part_asked_then_refused(
        self, pharmacist: Browser, rx: Document, code: str, ten: list[UUID], central_database: Database
    ) -> None:
        async with central_database.connection() as db:
            await set_programme(db, multi_medication_dispense_allowed=False)
            try:
                answer = await hold(pharmacist, rx["request_number"], code, **{f"packages-{ten[0]}": 1})
            finally:
                await set_programme(db, multi_medication_dispense_allowed=True)
        assert answer.status_code == 422 and "усю кількість одразу" in pharmacist.text

    async def test_without_a_signature_by_the_programme_then_dispensed_at_once(
        self, pharmacist: Browser, rx: Document, code: str, ten: list[UUID], central_database: Database
    ) -> None:
        async with central_database.connection() as db:
            await set_programme(db, skip_medication_dispense_sign=True)
            try:
                await hold(pharmacist, rx["request_number"], code, **{f"packages-{ten[0]}": 1})
            finally:
                await set_programme(db, skip_medication_dispense_sign=False)
        assert "Відпущено" in pharmacist.text and "залишилося: 10" in pharmacist.text


class TestHold:
    async def test_given_up_then_free_again(
        self, pharmacist: Browser, rx: Document, code: str, ten: list[UUID]
    ) -> None:
        await hold(pharmacist, rx["request_number"], code, **{f"packages-{ten[0]}": 2})
        await pharmacist.send(f"{pharmacist.path}/release")
        assert pharmacist.path == "/pharmacy" and "Рецепт звільнено" in pharmacist.text
        await find(pharmacist, rx["request_number"])
        assert "Почати відпуск" in pharmacist.text

    async def test_time_is_running_then_the_line_says_it(
        self, pharmacist: Browser, rx: Document, code: str, ten: list[UUID], clock: FixedClock
    ) -> None:
        await hold(pharmacist, rx["request_number"], code, **{f"packages-{ten[0]}": 1})
        path = pharmacist.path
        clock.forward(timedelta(minutes=8, seconds=30))
        await pharmacist.get(f"{path}/hold")
        assert "Залишилася 1 хвилина" in pharmacist.text
        clock.forward(timedelta(minutes=2))
        await pharmacist.get(f"{path}/hold")
        assert "Час утримання минув" in pharmacist.text and "data-hx-get" not in pharmacist.page.text

    async def test_signed_too_late_then_explained(
        self, pharmacist: Browser, rx: Document, code: str, ten: list[UUID], connected: World, clock: FixedClock
    ) -> None:
        await hold(pharmacist, rx["request_number"], code, **{f"packages-{ten[0]}": 1})
        clock.forward(timedelta(minutes=11))
        answer = await sign(pharmacist, connected)
        assert answer.status_code == 422 and "уже завершено або звільнено" in pharmacist.text

    async def test_another_pharmacy_holds_it_all_then_told_who_wins(
        self, pharmacist: Browser, rx: Document, code: str, ten: list[UUID], other: Dispensing
    ) -> None:
        await find(pharmacist, rx["request_number"], code)
        await other.held(rx["id"], 20, code)
        answer = await pharmacist.send(f"/pharmacy/prescriptions/{rx['request_number']}", **{f"packages-{ten[0]}": 1})
        assert answer.status_code in {302, 303, 422, 200}
        assert re.search("першою встигла|зараз утримує аптека", pharmacist.text), pharmacist.text


class TestAskedTooOften:
    async def test_by_central_then_the_seconds_to_wait_and_what_was_typed(
        self, pharmacist: Browser, rx: Document, code: str, ten: list[UUID], wire: Wire
    ) -> None:
        await find(pharmacist, rx["request_number"], code)
        wire.answers["POST /api/pharmacy/medication_dispenses"] = httpx.Response(
            429,
            json={"error": {"type": "too_many_requests", "message": "API rate limit exceeded"}},
            headers={"Retry-After": "17"},
        )
        answer = await pharmacist.send(f"/pharmacy/prescriptions/{rx['request_number']}", **{f"packages-{ten[0]}": 1})
        assert answer.status_code == 422 and "через 17 с" in pharmacist.text
        assert f'id="packages-{ten[0]}"' in answer.text and 'value="1"' in answer.text


class TestHome:
    async def test_then_a_scanner_types_into_the_number(self, pharmacist: Browser) -> None:
        await pharmacist.get("/pharmacy")
        assert focused(pharmacist) == "number" and "Утримується за Вашою аптекою" not in pharmacist.text

    async def test_after_a_number_that_is_none_then_the_next_scan_is_heard_too(self, pharmacist: Browser) -> None:
        await find(pharmacist, "4820000000000")
        assert focused(pharmacist) == "number" and "data-disable-auto-focus" in pharmacist.page.text

    async def test_with_an_open_hold_then_it_stands_on_the_first_screen(
        self, pharmacist: Browser, rx: Document, code: str, ten: list[UUID]
    ) -> None:
        await hold(pharmacist, rx["request_number"], code, **{f"packages-{ten[0]}": 1})
        held = pharmacist.path
        await pharmacist.get("/pharmacy")
        assert "Утримується за Вашою аптекою" in pharmacist.text and rx["request_number"] in pharmacist.text
        assert f'href="{held}"' in pharmacist.page.text
        await find(pharmacist, "nonsense")
        assert f'href="{held}"' in pharmacist.page.text

    async def test_dispensed_today_then_only_what_was_handed_over(
        self, pharmacist: Browser, rx: Document, code: str, ten: list[UUID], connected: World
    ) -> None:
        await hold(pharmacist, rx["request_number"], code, **{f"packages-{ten[0]}": 1})
        held = pharmacist.path
        await pharmacist.get("/pharmacy")
        today = pharmacist.page.text.split('href="/dispenses?')[1].split('"')[0].replace("&amp;", "&")
        await pharmacist.get(f"/dispenses?{today}")
        assert rx["request_number"] not in pharmacist.text
        await pharmacist.get(held)
        await sign(pharmacist, connected)
        await pharmacist.get(f"/dispenses?{today}")
        assert rx["request_number"] in pharmacist.text and "Відпущено" in pharmacist.text


def focused(browser: Browser) -> str:
    """The field that the page gives the focus to."""
    [tag] = re.findall(r"<input[^>]*\bautofocus[^>]*>", browser.page.text)
    return str(re.findall(r'name="(\w+)"', tag)[0])


class TestJournal:
    async def test_of_two_then_the_newest_first(
        self, pharmacist: Browser, rx: Document, code: str, ten: list[UUID], connected: World
    ) -> None:
        shown = []
        for _turn in range(2):
            await hold(pharmacist, rx["request_number"], code, **{f"packages-{ten[0]}": 1})
            shown.append(pharmacist.path)
            await sign(pharmacist, connected)
        await pharmacist.get("/dispenses")
        listed = re.findall(r'href="(/pharmacy/dispenses/[0-9a-f-]{36})"', pharmacist.page.text)
        assert listed[:2] == shown[::-1]

    async def test_by_number_then_only_this_prescription(
        self, pharmacist: Browser, rx: Document, code: str, ten: list[UUID]
    ) -> None:
        await hold(pharmacist, rx["request_number"], code, **{f"packages-{ten[0]}": 1})
        await pharmacist.get("/dispenses", number=rx["request_number"].lower())
        assert pharmacist.page.text.count('scope="row"') == 1 and "Утримується" in pharmacist.text

    async def test_with_nonsense_for_a_number_then_told_at_the_field(self, pharmacist: Browser) -> None:
        answer = await pharmacist.get("/dispenses", number="<b>")
        assert answer.status_code == 422 and "Це не номер" in pharmacist.text

    async def test_by_a_doctor_then_forbidden(self, doctor: Browser) -> None:
        assert (await doctor.get("/pharmacy")).status_code == 403


class TestSettled:
    async def test_after_handing_over_a_part_then_the_prescription_no_longer_says_that_it_is_held(
        self, pharmacist: Browser, rx: Document, code: str, ten: list[UUID], connected: World
    ) -> None:
        await hold(pharmacist, rx["request_number"], code, **{f"packages-{ten[0]}": 1})
        await find(pharmacist, rx["request_number"])
        assert "вже утримує" in pharmacist.text
        await pharmacist.get(re.findall(r'href="(/pharmacy/dispenses/[0-9a-f-]{36})"', pharmacist.page.text)[0])
        await sign(pharmacist, connected)
        assert "Відпущено" in pharmacist.text
        await find(pharmacist, rx["request_number"])
        assert "вже утримує" not in pharmacist.text and "Почати відпуск" in pharmacist.text

    async def test_signed_again_then_led_to_what_was_dispensed(
        self, pharmacist: Browser, rx: Document, code: str, ten: list[UUID], connected: World, wire: Wire
    ) -> None:
        await hold(pharmacist, rx["request_number"], code, **{f"packages-{ten[0]}": 1})
        form, path = pharmacist.page, pharmacist.path
        await sign(pharmacist, connected)
        pharmacist.page = form
        await pharmacist.send(path, form_token="another", signed_content="")
        assert pharmacist.path == path and "Відпущено" in pharmacist.text
        assert len([each for each in wire.paths("PATCH") if each.endswith("/process")]) == 1
