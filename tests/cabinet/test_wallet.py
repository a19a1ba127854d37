"""Several prescriptions at once: chosen, shown with one QR, printed; found by name; and how the patient was told."""

import segno

from esoz.cabinet.prescriptions.model import NOTICE_WORDS
from esoz.central.notices import Kind
from tests.factories.prescriptions import sent_code

from .conftest import last_events, more_like

CHOOSE = "/prescriptions/together"


async def two(prescribing, db) -> tuple[dict, str]:
    """A prescription and the id of another one like it."""
    made = await prescribing.prescribe()
    await more_like(db, made["id"], 1)
    other = await db.fetchval("select id from medication_requests where id <> $1 limit 1", made["id"])
    return made, str(other)


def qr_of(text: str) -> str:
    return segno.make(text, error="m", micro=False).svg_data_uri(scale=6, border=4, light="#fff").replace("&", "&amp;")


def test_every_message_of_central_about_a_prescription_then_words():
    about = {str(kind) for kind in Kind if kind.startswith(("prescription", "dispense"))}
    assert about == NOTICE_WORDS.keys()


class TestTogether:
    async def test_two_chosen_then_one_qr_with_both_numbers_and_each_code(self, patient, prescribing, db, own, world):
        made, other = await two(prescribing, db)
        number = await db.fetchval("select request_number from medication_requests where id = $1", other)
        await patient.open(f"{CHOOSE}?show=1&rx={made['id']}&rx={other}&rx={other}")
        assert patient.page.status_code == 200
        assert await sent_code(db, made["request_number"]) in patient.text
        assert made["request_number"] in patient.text and number in patient.text
        image = qr_of(f"{made['request_number']} {number}")
        assert image.replace("'", "&#39;") in patient.page.text or image in patient.page.text
        assert await last_events(own, 1) == [("prescriptions.shown_together", world.patient.person_id)]

    async def test_opened_plainly_then_a_choice_of_what_a_pharmacy_takes(self, patient, prescribing, db):
        made, other = await two(prescribing, db)
        await prescribing.reject(made["id"])
        await patient.open(CHOOSE)
        assert patient.page.status_code == 200 and "Оберіть хоча б один рецепт." not in patient.text
        assert f'value="{other}"' in patient.page.text and made["id"] not in patient.page.text

    async def test_none_or_too_many_chosen_then_said_beside_the_field(self, patient, prescribing, db):
        await prescribing.prescribe()
        await patient.open(f"{CHOOSE}?show=1")
        assert patient.page.status_code == 422 and "Оберіть хоча б один рецепт." in patient.text
        ids = "&".join(f"rx=00000000-0000-4000-8000-00000000000{n}" for n in range(7))
        await patient.open(f"{CHOOSE}?show=1&{ids}")
        assert "Оберіть не більше шести рецептів" in patient.text

    async def test_taken_back_meanwhile_then_the_others_alone(self, patient, prescribing, db):
        made, other = await two(prescribing, db)
        await prescribing.reject(made["id"])
        await patient.open(f"{CHOOSE}?rx={made['id']}&rx={other}")
        assert "Не всі обрані рецепти чинні" in patient.text and made["request_number"] not in patient.text
        await patient.open(f"{CHOOSE}?rx={made['id']}")
        assert patient.page.status_code == 422 and "вже не можна скористатися" in patient.text

    async def test_somebody_elses_then_not_found(self, patient, prescribing):
        await prescribing.prescribe()
        await patient.open(f"{CHOOSE}?rx=00000000-0000-4000-8000-000000000001")
        assert patient.page.status_code == 404


class TestSheet:
    async def test_then_a_pdf(self, patient, prescribing, db, own, world):
        made, other = await two(prescribing, db)
        await patient.open(f"/prescriptions/sheet.pdf?rx={made['id']}&rx={other}")
        assert patient.page.headers["content-type"] == "application/pdf" and patient.page.content.startswith(b"%PDF")
        assert await last_events(own, 1) == [("prescriptions.printed", world.patient.person_id)]

    async def test_of_nothing_then_a_choice(self, patient, prescribing):
        await prescribing.prescribe()
        await patient.open("/prescriptions/sheet.pdf?rx=x")
        assert patient.page.status_code == 422 and "Оберіть хоча б один рецепт." in patient.text


class TestSearch:
    async def test_by_beginnings_of_words_or_the_number(self, patient, prescribing):
        made = await prescribing.prescribe()
        for words, is_found in (("амокс 500", True), (made["request_number"][:9].lower(), True), ("ібуп", False)):
            await patient.open("/prescriptions", words=words)
            assert (made["request_number"] in patient.text) is is_found, words


class TestNotices:
    async def test_sent_then_way_masked_number_and_state(self, patient, prescribing, db):
        made = await prescribing.prescribe()
        await patient.open(f"/prescriptions/{made['id']}")
        told = patient.text.split("Як Вам повідомили")[1]
        assert "Рецепт виписано: номер і код" in told and "Надсилається" in told and "SMS +380" in told
        await db.execute("update notices set state = 'failed'")
        await patient.open(f"/prescriptions/{made['id']}")
        assert "Не доставлено" in patient.text and "Перевірте в закладі свій номер телефону" in patient.text

    async def test_central_does_not_tell_then_the_prescription_is_shown(self, patient, prescribing, road):
        made = await prescribing.prescribe()
        path = f"/api/pis/medication_requests/{made['id']}/notices"
        road.losing += [f"before {path}"] * 5
        await patient.open(f"/prescriptions/{made['id']}")
        assert made["request_number"] in patient.text and "Як Вам повідомили" not in patient.text
