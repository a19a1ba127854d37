"""What the patient says: codes, lost answers, terms that are over, exactly once in effect."""

import asyncio
from datetime import timedelta

from esoz.mis.reception.registration.commands.signing import deliver, forget_old
from tests.mis.conftest import Wire

from .conftest import HOME, Desk, filled


class TestCode:
    async def test_wrong_then_told_and_after_three_another_one_is_needed(self, desk: Desk) -> None:
        values = filled(desk.settlement)
        id = await desk.ask(values)
        right = await desk.code(values["method_phone"])
        wrong = "1000" if right != "1000" else "1001"
        for _ in range(3):
            page = await desk.browser.send(f"{HOME}/{id}/confirm", code=wrong)
            assert page.status_code == 422 and "Код неправильний" in desk.browser.text
        await desk.browser.send(f"{HOME}/{id}/confirm", code=right)
        assert "більше не діє" in desk.browser.text
        desk.clock.forward(timedelta(minutes=1, seconds=1))
        await desk.browser.get(f"{HOME}/{id}")
        await desk.browser.send(f"{HOME}/{id}/resend")
        await desk.browser.send(f"{HOME}/{id}/confirm", code=await desk.code(values["method_phone"]))
        assert desk.browser.path == f"{HOME}/{id}/sign"

    async def test_no_four_digits_then_central_is_not_asked(self, desk: Desk, wire: Wire) -> None:
        id = await desk.ask(filled(desk.settlement))
        before = len(wire.seen)
        for odd in ("", "12", "abcd", "١٢٣٤", "12345"):
            page = await desk.browser.send(f"{HOME}/{id}/confirm", code=odd)
            assert page.status_code == 422
        assert len(wire.seen) == before

    async def test_again_within_a_minute_then_told_when(self, desk: Desk) -> None:
        id = await desk.ask(filled(desk.settlement))
        assert "Новий можна надіслати через" in desk.browser.text
        page = await desk.browser.client.get(f"{HOME}/{id}")
        csrf = page.text.split('name="csrf" value="')[1].split('"')[0]
        await desk.browser.client.post(f"{HOME}/{id}/resend", data={"csrf": csrf})
        await desk.browser.get(f"{HOME}/{id}")
        assert "за хвилину після попереднього" in desk.browser.text

    async def test_wrong_code_of_the_telephone_then_told(self, desk: Desk) -> None:
        values = filled(desk.settlement)
        id = await desk.write(values)
        await desk.browser.send(f"{HOME}/{id}/check")
        assert desk.browser.path.endswith("/phone")
        right = await desk.code(values["method_phone"])
        await desk.browser.send(f"{HOME}/{id}/phone", code="1000" if right != "1000" else "1001")
        assert "Код неправильний" in desk.browser.text
        await desk.browser.send(f"{HOME}/{id}/phone", code=right)
        assert desk.browser.path == f"{HOME}/{id}"


class TestOnce:
    async def test_asked_twice_at_once_then_one_request(self, desk: Desk) -> None:
        values = filled(desk.settlement)
        async with desk.central.connection() as db:
            await db.execute("insert into verified_phones values ($1, now())", values["method_phone"])
        id = await desk.write(values)
        page = await desk.browser.client.get(f"{HOME}/{id}/check")
        csrf = page.text.split('name="csrf" value="')[1].split('"')[0]
        posts = [desk.browser.client.post(f"{HOME}/{id}/check", data={"csrf": csrf}) for _ in range(2)]
        answers = await asyncio.gather(*posts)
        assert {answer.headers.get("location") for answer in answers} == {f"{HOME}/{id}"}
        assert await desk.at_central("select count(*) from person_requests") == 1

    async def test_answer_to_the_request_is_lost_then_the_second_try_finds_it(self, desk: Desk, wire: Wire) -> None:
        values = filled(desk.settlement)
        async with desk.central.connection() as db:
            await db.execute("insert into verified_phones values ($1, now())", values["method_phone"])
        id = await desk.write(values)
        wire.loses_answer = lambda request: request.url.path == "/api/v2/person_requests"
        page = await desk.browser.send(f"{HOME}/{id}/check")
        assert page.status_code == 503
        wire.loses_answer = lambda _request: False
        await desk.browser.get(f"{HOME}/{id}/check")
        await desk.browser.send(f"{HOME}/{id}/check")
        assert desk.browser.path == f"{HOME}/{id}"
        assert await desk.at_central("select count(*) from person_requests") == 1

    async def test_answer_to_the_code_is_lost_then_the_second_try_goes_on(self, desk: Desk, wire: Wire) -> None:
        values = filled(desk.settlement)
        id = await desk.ask(values)
        wire.loses_answer = lambda request: request.url.path.endswith("/approve")
        await desk.browser.send(f"{HOME}/{id}/confirm", code=await desk.code(values["method_phone"]))
        wire.loses_answer = lambda _request: False
        await desk.browser.get(f"{HOME}/{id}")
        await desk.browser.send(f"{HOME}/{id}/confirm", code=await desk.code(values["method_phone"]))
        assert desk.browser.path == f"{HOME}/{id}/sign"

    async def test_answer_to_the_signed_one_is_lost_then_one_person(self, desk: Desk, wire: Wire) -> None:
        values = filled(desk.settlement)
        id = await desk.confirm(values)
        await desk.sign(id)
        wire.loses_answer = lambda request: request.url.path.endswith("/sign")
        await deliver(desk.mis.services)
        assert await desk.state(id) == "queued"
        await desk.browser.get(f"{HOME}/{id}")
        assert "ЕСОЗ не відповідає" in desk.browser.text
        wire.loses_answer = lambda _request: False
        desk.clock.forward(timedelta(seconds=20))
        await asyncio.gather(deliver(desk.mis.services), deliver(desk.mis.services))
        assert await desk.state(id) == "done"
        assert await desk.at_central("select count(*) from persons where tax_id = $1", values["tax_id"]) == 1


class TestOver:
    async def test_day_is_over_then_asked_anew_with_what_was_typed(self, desk: Desk) -> None:
        values = filled(desk.settlement)
        id = await desk.ask(values)
        async with desk.mis.services.database.connection() as db:
            await db.execute("update registrations set expires_at = $1", desk.clock.now())
        await desk.browser.get(f"{HOME}/{id}")
        assert "Строк минув" in desk.browser.text
        desk.clock.forward(timedelta(minutes=2))
        await desk.browser.send(f"{HOME}/{id}/renew")
        await desk.browser.send(f"{HOME}/{id}/check")
        await desk.browser.send(f"{HOME}/{id}/confirm", code=await desk.code(values["method_phone"]))
        assert desk.browser.path == f"{HOME}/{id}/sign"

    async def test_given_up_in_central_meanwhile_then_told_and_asked_anew(self, desk: Desk) -> None:
        values = filled(desk.settlement)
        id = await desk.ask(values)
        async with desk.central.connection() as db:
            await db.execute("update person_requests set status = 'CANCELLED'")
        page = await desk.browser.send(f"{HOME}/{id}/confirm", code=await desk.code(values["method_phone"]))
        assert page.status_code == 409 and "уже завершено" in desk.browser.text
        assert f"{HOME}/{id}/renew" in page.text

    async def test_replaced_by_a_newer_one_in_central_after_the_signature_then_refused_and_may_be_corrected(
        self, desk: Desk
    ) -> None:
        values = filled(desk.settlement)
        id = await desk.confirm(values)
        await desk.sign(id)
        async with desk.central.connection() as db:
            await db.execute("update person_requests set status = 'CANCELLED'")
        await deliver(desk.mis.services)
        assert await desk.state(id) == "refused"
        await desk.browser.get(f"{HOME}/{id}")
        assert "уже завершено" in desk.browser.text
        desk.clock.forward(timedelta(minutes=2))
        await desk.browser.get(f"{HOME}/{id}/edit")
        await desk.browser.send(f"{HOME}/{id}/edit", **values)
        await desk.browser.send(f"{HOME}/{id}/check")
        await desk.browser.send(f"{HOME}/{id}/confirm", code=await desk.code(values["method_phone"]))
        await desk.sign(id)
        await deliver(desk.mis.services)
        assert await desk.state(id) == "done"

    async def test_discarded_then_central_forgets_it_and_nothing_is_left(self, desk: Desk) -> None:
        id = await desk.ask(filled(desk.settlement))
        await desk.browser.get(f"{HOME}/{id}/discard")
        await desk.browser.send(f"{HOME}/{id}/discard")
        assert await desk.state(id) == "discarded"
        assert await desk.at_central("select status from person_requests") == "REJECTED"
        assert await desk.value("select form::text || person::text from registrations") == "{}{}"
        assert await desk.value("select last_name || first_name || second_name || phone from registrations") == ""

    async def test_discarded_then_back_to_its_page_leads_to_the_list(self, desk: Desk) -> None:
        id = await desk.write(filled(desk.settlement))
        await desk.browser.get(f"{HOME}/{id}/discard")
        await desk.browser.send(f"{HOME}/{id}/discard")
        await desk.browser.get(f"{HOME}/{id}")
        assert desk.browser.path == HOME and "Реєстрацію видалено" in desk.browser.text

    async def test_month_without_an_end_then_what_was_typed_is_forgotten(self, desk: Desk) -> None:
        id = await desk.write(filled(desk.settlement))
        desk.clock.forward(timedelta(days=29))
        await forget_old(desk.mis.services)
        assert await desk.state(id) == "draft"
        desk.clock.forward(timedelta(days=2))
        await forget_old(desk.mis.services)
        assert await desk.state(id) == "discarded"
        assert await desk.value("select form::text from registrations") == "{}"
        assert await desk.value("select last_name || first_name || second_name || phone from registrations") == ""
