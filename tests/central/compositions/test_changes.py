"""A conclusion after its signature: taken back as written by mistake, its number told again."""

from datetime import timedelta
from uuid import uuid4

from tests.factories.compositions import REASONS, related, validity
from tests.factories.prescriptions import texts
from tests.factories.records import concept

from .test_writing import faults


class TestMarkInError:
    # CM-11
    async def test_when_by_its_author_then_void_and_told(self, concluding, db):
        draft = await concluding.written()
        done = await concluding.mark(draft)
        assert done.json()["data"]["status"] == "processed", done.text
        data = await concluding.read(draft["id"])
        assert (data["status"], data["explanatory_letter"]) == ("ENTERED_IN_ERROR", "Помилка в строку")
        assert data["status_reason"] != ""
        assert any(text.startswith("Скасовано") and draft["title"] in text for text in await texts(db))
        assert (await concluding.mark(draft)).json()["data"]["status_code"] == 409

    # CM-8: what is void leaves its days free
    async def test_when_void_then_its_days_are_free(self, concluding):
        await concluding.mark(await concluding.written())
        await concluding.written()

    # CM-11
    async def test_when_another_one_stands_on_it_then_409_until_that_is_void(self, concluding):
        now = concluding.doctor.now
        first = await concluding.written(days=5)
        after = await concluding.written(
            event=validity(now + timedelta(days=5), 5), relates_to=[related("appends", first["id"])]
        )
        assert (await concluding.mark(first)).json()["data"]["status_code"] == 409
        assert (await concluding.mark(after)).json()["data"]["status"] == "processed"
        assert (await concluding.mark(first)).json()["data"]["status"] == "processed"

    # CM-11
    async def test_when_the_content_differs_then_refused(self, concluding):
        draft = await concluding.written()
        assert faults(await concluding.mark(draft, event=validity(concluding.doctor.now, 4)))[0][0].startswith(
            "$.event"
        )
        assert faults(await concluding.mark(draft, status="FINAL"))[0][0] == "$.status"

    # CM-11
    async def test_when_the_reason_is_not_of_its_dictionary_then_refused(self, concluding):
        draft = await concluding.written()
        odd = await concluding.mark(draft, status_reason=concept("OTHER", "default"))
        assert faults(odd)[0][0] == "$.status_reason.coding[0].system"
        lost = await concluding.mark(draft, explanatory_letter=None)
        assert faults(lost)[0][0] == "$.explanatory_letter"

    # CM-11
    async def test_when_by_another_clinic_then_404(self, concluding, foreign_doctor):
        draft = await concluding.written()
        signed = {"signed_data": foreign_doctor.sign(draft)}
        for id in (draft["id"], uuid4()):
            got = await foreign_doctor.patch(f"{concluding.path}/{id}/actions/mark_in_error", signed)
            assert got.status_code == 404
        assert REASONS == "composition_mark_in_error_reasons"


class TestResend:
    # CM-14
    async def test_when_asked_again_then_another_message(self, concluding, db, foreign_doctor):
        draft = await concluding.written()
        path = f"{concluding.path}/{draft['id']}/actions/resend"
        done = await concluding.outcome(await concluding.doctor.patch(path))
        assert done.json()["data"]["status"] == "processed", done.text
        assert sum(draft["title"] in text for text in await texts(db)) == 2
        assert (await foreign_doctor.patch(path)).status_code == 404
        await concluding.mark(draft)
        assert (await concluding.doctor.patch(path)).status_code == 409
