"""Writing a conclusion: the whole way of a right one, and each reason to refuse a wrong one."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from tests.factories.compositions import DRIVER, XHTML, Concluding, related, section, validity
from tests.factories.prescriptions import texts
from tests.factories.records import Chart, concept, moment, ref


def faults(done) -> list:
    data = done.json()["data"]
    assert (data["status"], data["status_code"]) == ("failed", 422), done.text
    return [(each["entry"], each["rules"][0]["description"]) for each in data["error"]["invalid"]]


class TestTitle:
    # CM-1
    async def test_when_asked_then_a_number_of_its_own_each_time(self, concluding):
        first, second = await concluding.title(), await concluding.title()
        assert first != second
        assert [len(each) for each in first.split("-")] == [4, 4, 4, 4]

    # CM-1
    async def test_when_asked_with_one_that_is_not_used_then_the_same(self, concluding):
        title = await concluding.title()
        path = f"{concluding.chart.path}/composition_title"
        asked = {"composition_type": "TEMPORARY_DISABILITY", "composition_title": title.lower().replace("-", " ")}
        got = await concluding.doctor.post(path, None, **asked)
        assert got.json()["data"]["title"] == title
        other = await concluding.doctor.post(path, None, **{**asked, "composition_type": "DRIVERS"})
        assert other.json()["data"]["title"] != title

    async def test_when_of_no_such_type_then_422(self, concluding):
        path = f"{concluding.chart.path}/composition_title"
        got = await concluding.doctor.post(path, None, composition_type="NOTHING")
        assert got.status_code == 422
        assert got.json()["error"]["invalid"][0]["entry"] == "$.composition_type"

    async def test_of_nobody_then_404(self, concluding):
        path = f"/api/patients/{uuid4()}/composition_title"
        assert (await concluding.doctor.post(path, None, composition_type="DRIVERS")).status_code == 404


class TestCreate:
    async def test_when_right_then_stored_signed_and_told(self, concluding, db):
        draft = await concluding.written()
        data = await concluding.read(draft["id"])
        assert (data["title"], data["status"]) == (draft["title"], "FINAL")
        assert data["author"]["display_value"] != ""
        assert data["custodian"]["display_value"] != ""
        assert data["section"][0]["entry"][0]["display_value"] != ""
        assert data["context_episode_id"] == str(concluding.chart.visiting.episode)
        assert "status_reason" not in data
        assert any(draft["title"] in text for text in await texts(db))
        name = await db.fetchval("select signed_document from compositions where id = $1", draft["id"])
        assert name.startswith(f"compositions/{draft['id']}/")

    # CM-1
    async def test_when_the_number_is_somebody_elses_or_used_then_refused(self, concluding, foreign_doctor):
        draft = await concluding.written()
        again = await concluding.draft(
            title=draft["title"],
            event=validity(concluding.doctor.now, 1),
            relates_to=[related("replaces", draft["id"])],
        )
        assert faults(await concluding.send(again)) == [
            ("$.title", "Composition title is not reserved or is already used")
        ]
        other = await concluding.draft(title="AAAA-AAAA-AAAA-AAAA", relates_to=[related("replaces", draft["id"])])
        assert faults(await concluding.send(other))[0][0] == "$.title"
        of_drivers = await concluding.draft(
            title=await concluding.title("DRIVERS"), relates_to=[related("replaces", draft["id"])]
        )
        assert faults(await concluding.send(of_drivers))[0][0] == "$.title"

    # CM-1
    async def test_when_the_id_is_known_then_refused(self, concluding):
        draft = await concluding.written()
        again = await concluding.draft(id=draft["id"], relates_to=[related("replaces", draft["id"])])
        assert faults(await concluding.send(again)) == [("$.id", f"Composition with id '{draft['id']}' already exists")]

    # CM-2
    async def test_when_the_kind_is_unknown_then_refused(self, concluding):
        draft = await concluding.draft(category=concept("COMPOSITION_CATEGORIES", "DRIVERS_GROUP1"))
        assert faults(await concluding.send(draft))[0] == (
            "$.category",
            "Composition type and category have no active configuration",
        )

    # CM-3
    async def test_when_of_another_clinic_then_refused(self, concluding, foreign_doctor):
        draft = await concluding.draft(custodian=ref("legal_entity", foreign_doctor.client_id))
        assert ("$.custodian.identifier.value", "Must be current legal entity") in faults(await concluding.send(draft))
        draft = await concluding.draft(author=ref("employee", foreign_doctor.employee_id))
        assert (
            "$.author.identifier.value",
            "Employee is not an active employee of the custodian",
        ) in faults(await concluding.send(draft))
        draft = await concluding.draft(author=ref("employee", uuid4()))
        assert ("$.author.identifier.value", "Employee with such ID is not found") in faults(
            await concluding.send(draft)
        )

    # CM-3
    async def test_when_nobody_attests_it_by_law_then_refused(self, concluding):
        party = ref("employee", concluding.chart.visiting.doctor)
        attester = [{"mode": concept("COMPOSITION_ATTESTER_MODES", "personal"), "party": party}]
        assert faults(await concluding.send(await concluding.draft(attester=attester)))[0][0] == "$.attester"

    # CM-3
    async def test_when_signed_by_another_then_409(self, concluding, foreign_doctor):
        draft = await concluding.draft()
        signed = {"signed_data": foreign_doctor.sign(draft)}
        done = await concluding.outcome(await concluding.doctor.post(concluding.path, signed))
        assert done.json()["data"]["status_code"] in (409, 422)
        assert "drfo" in done.text

    # CM-4
    async def test_when_the_visit_is_not_there_then_refused(self, concluding):
        draft = await concluding.draft(encounter=ref("encounter", uuid4()))
        assert faults(await concluding.send(draft))[0] == (
            "$.encounter.identifier.value",
            "Encounter with such id is not found",
        )

    # CM-12
    async def test_when_dated_ahead_or_before_the_visit_then_refused(self, concluding):
        now = concluding.doctor.now
        ahead = await concluding.draft(date=moment(now + timedelta(hours=3)))
        assert faults(await concluding.send(ahead))[0][0] == "$.date"
        before = await concluding.draft(date=moment(now - timedelta(days=2)))
        assert faults(await concluding.send(before))[0][0] == "$.date"

    # CM-6
    async def test_when_a_section_points_at_nothing_then_refused(self, concluding):
        doctor = concluding.chart.visiting.doctor
        lost = await concluding.draft(section=[section(doctor, [ref("condition", uuid4())])])
        assert faults(await concluding.send(lost)) == [
            ("$.section[0].entry[0].identifier.value", "Condition with such id is not found")
        ]
        bare = await concluding.draft(section=[section(doctor, [])])
        assert faults(await concluding.send(bare)) == [("$.section", "Composition must point at: condition")]
        foreign = await concluding.draft(section=[section(doctor, [ref("employee", doctor)])])
        assert faults(await concluding.send(foreign))[0][0] == "$.section[0].entry[0].identifier.type.coding[0].code"

    # CM-6
    @pytest.mark.parametrize(
        "words", ["<script>alert(1)</script>", "<p onclick='x()'>a</p>", "<a href='x'>a</a>", "<img src=x />"]
    )
    async def test_when_words_act_then_refused(self, concluding, words):
        of = concluding.chart.visiting
        text = {"status": "generated", "div": XHTML.format(words)}
        draft = await concluding.draft(section=[section(of.doctor, [ref("condition", of.condition)], text=text)])
        assert [entry for entry, _ in faults(await concluding.send(draft))] == ["$.section[0].text.div"]

    # CM-10
    async def test_when_a_letter_is_not_of_its_code_then_refused(self, concluding):
        admission = {
            "code": "COMPOSITION_ADDITIONAL_CONDITION_ADMISSION",
            "value_codeable_concept": {
                "extension": [
                    {
                        "code": "LETTER",
                        "value_codeable_concept": concept(
                            "eHealth/composition_additional_condition_admission_letter_designations", "a"
                        ),
                    }
                ],
                "coding": [{"system": "eHealth/composition_additional_condition_admission", "code": "01.01."}],
            },
        }
        right = await concluding.draft(DRIVER, days=365, extension=[admission])
        done = await concluding.send(right)
        assert done.json()["data"]["status"] == "processed", done.text
        shown = (await concluding.read(right["id"]))["extension"][0]["valueCodeableConcept"]
        assert shown["code"]["coding"][0]["code"] == "01.01."
        assert shown["extension"][0]["valueCodeableConcept"]["code"]["coding"][0]["code"] == "a"
        admission["value_codeable_concept"]["coding"][0]["code"] = "35.04"
        wrong = await concluding.draft(DRIVER, days=365, extension=[admission])
        assert faults(await concluding.send(wrong))[0][0].startswith(
            "$.extension[0].value_codeable_concept.extension[0]"
        )
        elsewhere = await concluding.draft(extension=[admission])
        assert faults(await concluding.send(elsewhere))[0][0] == "$.extension[0].value_codeable_concept"

    # CM-14
    async def test_when_told_by_a_way_that_is_not_theirs_then_refused(self, concluding):
        draft = await concluding.draft(inform_with=str(uuid4()))
        assert faults(await concluding.send(draft)) == [
            ("$.inform_with", "Person's authentication method doesn't exist")
        ]

    async def test_when_the_shape_is_wrong_then_at_once(self, concluding):
        draft = await concluding.draft(section=None)
        got = await concluding.doctor.post(concluding.path, {"signed_data": concluding.doctor.sign(draft)})
        assert got.status_code == 422
        assert got.json()["error"]["invalid"][0]["entry"] == "$.section"


class TestPeriods:
    # CM-7
    async def test_when_too_long_too_early_or_missing_then_refused(self, concluding):
        now = concluding.doctor.now
        wrong = {
            "$.event[0].period.end": await concluding.draft(days=31),
            "$.event[0].period.start": await concluding.draft(event=validity(now - timedelta(days=8), 3)),
            "$.event": await concluding.draft(event=None),
        }
        for entry, draft in wrong.items():
            assert [each for each, _ in faults(await concluding.send(draft))] == [entry]
        late = await concluding.draft(event=validity(now + timedelta(days=2), 3))
        assert [each for each, _ in faults(await concluding.send(late))] == ["$.event[0].period.start"]

    # CM-8
    async def test_when_two_overlap_then_refused_unless_it_replaces(self, concluding):
        first = await concluding.written()
        second = await concluding.draft(days=3)
        assert faults(await concluding.send(second)) == [
            ("$.event[0].period", f"Period overlaps with composition {first['title']}")
        ]
        third = await concluding.written(days=3, relates_to=[related("replaces", first["id"])])
        again = await concluding.draft(relates_to=[related("replaces", first["id"])])
        assert ("$.relates_to[0].resource_reference.identifier.value", "Composition is already replaced") in faults(
            await concluding.send(again)
        )
        shown = (await concluding.read(third["id"]))["relates_to"][0]
        assert (shown["identifier"]["value"], shown["type"]) == (first["id"], "replaces")

    # CM-9
    async def test_when_continued_then_from_the_next_day_and_not_for_ever(self, concluding):
        now = concluding.doctor.now
        first = await concluding.written(days=5)
        appends = [related("appends", first["id"])]
        gap = await concluding.draft(event=validity(now + timedelta(days=7), 5), relates_to=appends)
        assert faults(await concluding.send(gap)) == [
            ("$.event[0].period.start", "Period must begin within 1 days after the previous one")
        ]
        last, end = await concluding.written(event=validity(now + timedelta(days=5), 30), relates_to=appends), 35
        for _ in range(2):
            event = validity(now + timedelta(days=end), 30)
            last, end = await concluding.written(event=event, relates_to=[related("appends", last["id"])]), end + 30
        over = await concluding.draft(
            event=validity(now + timedelta(days=end), 26), relates_to=[related("appends", last["id"])]
        )
        assert faults(await concluding.send(over)) == [
            ("$.event[0].period.end", "Continued periods must not be longer than 120 days together")
        ]
        twice = await concluding.draft(event=validity(now + timedelta(days=5), 1), relates_to=appends)
        assert ("$.relates_to[0].resource_reference.identifier.value", "Composition is already continued") in faults(
            await concluding.send(twice)
        )

    # CM-9
    async def test_when_what_it_goes_on_after_is_of_another_kind_or_not_there_then_refused(self, concluding):
        driver = await concluding.written(DRIVER, days=100)
        for id, words in (
            (driver["id"], "Composition should be of the same type and category"),
            (str(uuid4()), "Composition with such id is not found"),
        ):
            draft = await concluding.draft(relates_to=[related("appends", id)])
            assert ("$.relates_to[0].resource_reference.identifier.value", words) in faults(
                await concluding.send(draft)
            )

    # CM-5
    async def test_when_not_for_this_patient_then_refused(self, concluding, db):
        kind = ("TEMPORARY_DISABILITY", "TD_PREGNANCY")
        await db.execute("update persons set gender = 'MALE' where id = $1", concluding.person_id)
        draft = await concluding.draft(kind, days=126)
        assert ("$.category", "Composition of this category is not allowed for the gender of the patient") in faults(
            await concluding.send(draft)
        )


class TestBirth:
    BIRTH = ("NEWBORN", "LIVE_BIRTH")

    async def draft(self, concluding, db, *, age: int = 30, **changes):
        born = concluding.doctor.now.date() - timedelta(days=age * 366)
        await db.execute(
            "update persons set birth_date = $2, gender = 'FEMALE' where id = $1", concluding.person_id, born
        )
        of = concluding.chart.visiting
        entries = [ref("condition", of.condition), ref("observation", of.observation)]
        return await concluding.draft(
            self.BIRTH, **({"event": None, "section": [section(of.doctor, entries)]} | changes)
        )

    # CM-6, CM-7
    async def test_when_of_a_mother_with_what_was_measured_then_written_without_days(self, concluding, db):
        draft = await self.draft(concluding, db)
        done = await concluding.send(draft)
        assert done.json()["data"]["status"] == "processed", done.text
        assert "event" not in await concluding.read(draft["id"])
        again = await self.draft(concluding, db, event=validity(concluding.doctor.now, 5))
        assert faults(await concluding.send(again)) == [("$.event", "Period is not allowed for this category")]
        bare = await self.draft(concluding, db, section=[section(concluding.chart.visiting.doctor, [])])
        assert faults(await concluding.send(bare)) == [("$.section", "Composition must point at: observation")]

    # CM-5
    async def test_when_the_mother_is_too_young_then_refused(self, concluding, db):
        draft = await self.draft(concluding, db, age=9)
        assert faults(await concluding.send(draft)) == [
            ("$.category", "Composition of this category is not allowed for the age of the patient")
        ]


class TestSections:
    # CM-6
    async def test_inside_of_sections_then_looked_at_as_those_above(self, concluding):
        of = concluding.chart.visiting
        author = {"type": {"coding": [{"system": "eHealth/resources", "code": "employee"}], "text": "лікар"}}
        inner = {
            "title": "Подробиці",
            "code": {"code": {}},
            "author": [{**author, "value": str(of.doctor)}],
            "entry": [ref("observation", of.observation)],
        }
        right = await concluding.draft(section=[section(of.doctor, [ref("condition", of.condition)], section=[inner])])
        done = await concluding.send(right)
        assert done.json()["data"]["status"] == "processed", done.text
        lost = inner | {"entry": [ref("observation", uuid4())], "author": [{**author, "value": str(uuid4())}]}
        draft = await concluding.draft(
            relates_to=[related("replaces", right["id"])],
            section=[section(of.doctor, [ref("condition", of.condition)], section=[lost])],
        )
        assert {entry for entry, _ in faults(await concluding.send(draft))} == {
            "$.section[0].section[0].author[0]",
            "$.section[0].section[0].entry[0].identifier.value",
        }

    # CM-6
    async def test_deeper_than_allowed_or_with_an_order_that_is_not_then_refused(self, concluding):
        of = concluding.chart.visiting
        deep = {"title": "Далі", "code": {"code": {}}, "author": [], "text": {"status": "generated", "div": "а"}}
        nested = deep
        for _ in range(4):
            nested = {**deep, "section": [nested]}
        entries = [ref("condition", of.condition)]
        draft = await concluding.draft(section=[section(of.doctor, entries, section=[nested])])
        assert [words for _, words in faults(await concluding.send(draft))] == [
            "Sections must not be nested deeper than 5 levels"
        ]
        order = {"type": concept("COMPOSITION_SECTION_ORDERBY", "RANDOM")}
        draft = await concluding.draft(section=[section(of.doctor, entries, ordered_by=order)])
        assert [entry for entry, _ in faults(await concluding.send(draft))] == ["$.section[0].ordered_by"]


class TestOldVisit:
    # CM-4
    async def test_when_the_visit_is_long_past_then_refused(self, concluding, db):
        await _visit_was(db, concluding, days=8)
        assert faults(await concluding.send(await concluding.draft())) == [
            ("$.encounter.identifier.value", "Encounter must not be older than 7 days")
        ]
        await _visit_was(db, concluding, days=7)
        assert (await concluding.send(await concluding.draft())).json()["data"]["status"] == "processed"


async def _visit_was(db, concluding, *, days: int) -> None:
    start = moment(concluding.doctor.now - timedelta(days=days))
    await db.execute(
        "update encounters set document = jsonb_set(document, '{period,start}', $2) where id = $1",
        concluding.chart.visiting.encounter,
        start,
    )


class TestUnidentified:
    # CM-5: of whom nobody knows who they are there is no conclusion that others rely on
    async def test_of_somebody_unidentified_then_refused(self, specialist, worker):
        got = await specialist.post("/api/prepersons", {"external_id": "x", "gender": "FEMALE"})
        assert got.status_code == 201, got.text
        concluding = Concluding(Chart(specialist, worker, UUID(got.json()["data"]["id"])))
        found = faults(await concluding.send(await concluding.draft()))
        assert ("$.category", "Composition of this category is not allowed for an unidentified patient") in found
