"""The first page: each part, and that one part missing does not take the others."""

from datetime import timedelta

from tests.factories.prescriptions import sent_code

from .conftest import error, more_like
from .test_choice import choose


class TestHome:
    async def test_with_an_active_prescription_then_number_code_validity_and_what_is_left(
        self, patient, prescribing, dispensing, db
    ):
        made = await prescribing.prescribe()
        code = await sent_code(db, made["request_number"])
        await dispensing.give(made["id"], 10, code)
        await patient.open("/")
        assert made["request_number"] in patient.text
        assert f"Код для аптеки {code}" in patient.text
        assert "Залишилося 10 капс. із 20 капс." in patient.text
        assert "до 22 грудня 2026 року включно" in patient.text

    async def test_with_more_active_ones_than_shown_then_newest_first_and_all_are_counted(
        self, patient, prescribing, db
    ):
        made = await prescribing.prescribe()
        numbers = await more_like(db, made["id"], 3)
        await patient.open("/")
        places = [patient.text.find(number) for number in reversed(numbers)]
        assert -1 not in places and places == sorted(places)
        assert made["request_number"] not in patient.text
        assert "чинних: 4" in patient.text

    async def test_without_prescriptions_then_says_so(self, patient):
        await patient.open("/")
        assert "Чинних рецептів немає." in patient.text

    async def test_then_who_came_in_thirty_days_and_none_of_my_own(self, patient, prescribing, clock):
        await prescribing.prescribe()
        await patient.open("/")
        await patient.open("/")
        part = patient.text.split("Хто переглядав мої дані за 30 днів")[1].split("Увесь журнал")[0]
        assert part.count("Юрченко Тетяна Миколаївна, ") == 1
        assert "КНП «Центр первинної допомоги «Калина»" in part and "Зміна" in part
        assert "в кабінеті" not in part
        clock.forward(timedelta(days=29))
        await patient.sign_in()
        await patient.open("/")
        assert "Юрченко" in patient.text.split("за 30 днів")[1]
        clock.forward(timedelta(days=1))
        await patient.sign_in()
        await patient.open("/")
        assert "За 30 днів ніхто, крім Вас" in patient.text

    async def test_reader_who_came_on_several_days_then_one_line_with_the_number(
        self, patient, world, prescribing, clock
    ):
        await prescribing.prescribe()
        clock.forward(timedelta(days=2))
        await world.doctor.get(f"/api/persons/{world.patient.person_id}/declaration")
        await patient.sign_in()
        await patient.open("/")
        part = patient.text.split("за 30 днів")[1]
        assert "2 рази, востаннє 24 листопада 2026 року" in part and part.count("Юрченко") == 1

    async def test_prescription_that_ends_soon_then_among_what_to_do(self, patient, prescribing, clock):
        await prescribing.prescribe()
        await patient.open("/")
        assert "Що зробити" not in patient.text
        clock.forward(timedelta(days=28))
        await patient.sign_in()
        await patient.open("/")
        assert "Заберіть ліки" in patient.text.split("Що зробити")[1].split("Мій лікар")[0]

    async def test_request_that_waits_then_among_what_to_do(self, patient, world):
        place = await choose(patient, world.foreign_doctor)
        await patient.open("/")
        assert "Підпишіть декларацію" in patient.text.split("Що зробити")[1]
        assert f'href="{place}"' in patient.page.text

    async def test_declaration_then_its_number_and_day(self, patient):
        await patient.open("/")
        assert "від 22 листопада 2026 року" in patient.text

    async def test_declaration_is_verified_still_then_it_and_no_call_to_choose(self, patient, db, world):
        await db.execute(
            "update declarations set status = 'pending_verification' where person_id = $1", world.patient.person_id
        )
        await patient.open("/")
        assert "НСЗУ перевіряє декларацію." in patient.text and "від 22 листопада 2026 року" in patient.text
        assert "Оберіть свого лікаря" not in patient.text
        await patient.open("/declarations")
        assert "Перевіряє НСЗУ" in patient.text and "Чинної декларації немає" not in patient.text

    async def test_no_declaration_then_how_to_choose_a_doctor(self, patient, db, world):
        await db.execute("update declarations set status = 'terminated' where person_id = $1", world.patient.person_id)
        await patient.open("/")
        assert "Чинної декларації немає." in patient.text
        assert "Оберіть свого лікаря" in patient.text.split("Що зробити")[1]

    async def test_one_part_refused_then_the_others_are_shown(self, patient, road):
        road.answers["GET /api/pis/access_log"] = error(500, "internal_error", "boom")
        await patient.open("/")
        assert patient.page.status_code == 200
        assert "ЕСОЗ зараз не показує цих даних." in patient.text
        assert "Чинних рецептів немає." in patient.text

    async def test_central_away_then_every_part_says_so(self, patient, road):
        road.is_cut = True
        await patient.open("/")
        assert patient.text.count("ЕСОЗ зараз не показує цих даних.") == 3
