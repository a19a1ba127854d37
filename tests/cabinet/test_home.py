"""The first page: each part, and that one part missing does not take the others."""

from tests.factories.prescriptions import sent_code

from .conftest import error, more_like


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

    async def test_then_the_last_visits_of_others_and_none_of_my_own(self, patient, prescribing):
        await prescribing.prescribe()
        await patient.open("/")
        await patient.open("/")
        part = patient.text.split("Хто переглядав мої дані")[1].split("Увесь журнал")[0]
        head = part.split("Показати")[0]
        assert "Юрченко Тетяна Миколаївна, " in head
        assert "КНП «Центр первинної допомоги «Калина»" in head
        assert part.count("Підозріло?") > 1 and "Підозріло?" not in head
        assert "в кабінеті" not in part

    async def test_declaration_then_its_number_and_day(self, patient):
        await patient.open("/")
        assert "від 22 листопада 2026 року" in patient.text.split("Мій лікар")[-1]

    async def test_no_declaration_then_how_to_choose_a_doctor(self, patient, db, world):
        await db.execute("update declarations set status = 'terminated' where person_id = $1", world.patient.person_id)
        await patient.open("/")
        assert "Чинної декларації немає." in patient.text

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
