"""Reading records: one, lists with filters, in the context of an episode, the context itself, the summary."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.factories.records import allergy, condition, immunization, moment, observation, ref, without_words

KINDS = {
    "encounters": "encounter", "conditions": "condition", "observations": "observation",
    "immunizations": "immunization", "allergy_intolerances": "allergy",
}
MAKERS = {
    "conditions": condition, "observations": observation, "immunizations": immunization,
    "allergy_intolerances": allergy,
}


def id_of(chart, kind: str) -> str:
    return str(getattr(chart.visiting, KINDS[kind]))


async def ids(caller, path: str, **query: object) -> list[str]:
    got = await caller.get(path, **query)
    assert got.status_code == 200, got.text
    return [each["id"] for each in got.json()["data"]]


@pytest.mark.parametrize("kind", MAKERS)
async def test_record_when_read_back_then_as_sent_with_its_times(written, kind):
    data = (await written.doctor.get(f"{written.path}/{kind}/{id_of(written, kind)}")).json()["data"]
    for author in ("asserter", "performer"):
        assert author not in data or data[author]["display_value"]
    now = moment(written.visiting.now)
    assert without_words(data) == MAKERS[kind](written.visiting) | {"inserted_at": now, "updated_at": now}


@pytest.mark.parametrize("kind", KINDS)
class TestEveryKind:
    async def test_list_when_narrowed_to_the_episode_then_found(self, written, kind):
        path, id = f"{written.path}/{kind}", id_of(written, kind)
        got = await written.doctor.get(path, episode_id=written.visiting.episode)
        assert [each["id"] for each in got.json()["data"]] == [id]
        assert got.json()["paging"] == {
            "page": 1, "page_number": 1, "page_size": 50, "total_entries": 1, "total_pages": 1,
        }
        assert await ids(written.doctor, f"{written.path}/episodes/{written.visiting.episode}/{kind}") == [id]

    async def test_one_when_in_the_context_of_its_episode_then_found(self, written, kind):
        path = f"{written.path}/episodes/{written.visiting.episode}/{kind}/{id_of(written, kind)}"
        got = await written.doctor.get(path)
        assert (got.status_code, got.json()["data"]["id"]) == (200, id_of(written, kind))

    async def test_one_when_the_episode_is_another_then_404(self, written, kind):
        path = f"{written.path}/episodes/{uuid4()}/{kind}"
        assert (await written.doctor.get(f"{path}/{id_of(written, kind)}")).status_code == 404
        assert (await written.doctor.get(path)).status_code == 404

    async def test_context_when_asked_then_the_episode(self, written, kind):
        got = await written.doctor.get(f"{written.path}/{kind}/{id_of(written, kind)}/context")
        episode = ref("episode", written.visiting.episode) | {"display_value": "Гострий бронхіт"}
        assert (got.status_code, got.json()["data"]) == (200, {"episode": episode})

    async def test_by_another_clinic_without_a_right_then_403(self, written, foreign_doctor, kind):
        path = f"{written.path}/{kind}"
        for place in (f"{path}/{id_of(written, kind)}", f"{path}/{uuid4()}", path):
            got = await foreign_doctor.get(place)
            assert (got.status_code, got.json()["error"]["type"]) == (403, "forbidden")
        episode = f"{written.path}/episodes/{written.visiting.episode}/{kind}"
        assert (await foreign_doctor.get(episode)).status_code == 403

    async def test_list_when_a_parameter_is_unknown_then_422(self, written, kind):
        got = await written.doctor.get(f"{written.path}/{kind}", colour="red")
        assert got.status_code == 422

    async def test_list_when_the_page_is_too_large_then_422(self, written, kind):
        got = await written.doctor.get(f"{written.path}/{kind}", page_size=101)
        assert got.status_code == 422

    async def test_summary_when_asked_by_another_clinic_then_what_it_shows(self, written, foreign_doctor, kind):
        assert await ids(foreign_doctor, f"{written.path}/summary/{kind}") == [id_of(written, kind)]
        one = await foreign_doctor.get(f"{written.path}/summary/{kind}/{id_of(written, kind)}")
        assert (one.status_code, one.json()["data"]["id"]) == (200, id_of(written, kind))

    async def test_summary_when_the_record_is_unknown_then_404(self, written, foreign_doctor, kind):
        assert (await foreign_doctor.get(f"{written.path}/summary/{kind}/{uuid4()}")).status_code == 404


class TestFilters:
    @pytest.mark.parametrize(
        ("kind", "right", "wrong"),
        [
            ("conditions", {"code": "R80"}, {"code": "R81"}),
            ("observations", {"code": "8310-5"}, {"code": "8480-6"}),
            ("immunizations", {"vaccine_code": "BCG"}, {"vaccine_code": "DT"}),
            ("allergy_intolerances", {"code": "default_allergy_intolerance"}, {"code": "another"}),
        ],
    )
    async def test_code_when_given_then_only_what_has_it(self, written, kind, right, wrong):
        path, episode = f"{written.path}/{kind}", written.visiting.episode
        assert await ids(written.doctor, path, episode_id=episode, **right) == [id_of(written, kind)]
        assert await ids(written.doctor, path, episode_id=episode, **wrong) == []

    @pytest.mark.parametrize(
        ("kind", "name", "days"),
        [
            ("conditions", "onset_date", 2), ("observations", "issued", 0), ("immunizations", "date", 4000),
            ("allergy_intolerances", "onset_date_time", 400), ("encounters", "period_start", 0),
            ("encounters", "period_end", 0), ("encounters", "date", 0),
        ],
    )
    async def test_dates_when_given_then_the_whole_day_counts(self, written, kind, name, days):
        path, episode = f"{written.path}/{kind}", written.visiting.episode
        day = (written.visiting.now - timedelta(days=days)).date()
        before, after = day - timedelta(days=1), day + timedelta(days=1)
        same = {f"{name}_from": day, f"{name}_to": day}
        assert await ids(written.doctor, path, episode_id=episode, **same) == [id_of(written, kind)]
        assert await ids(written.doctor, path, episode_id=episode, **{f"{name}_from": after}) == []
        assert await ids(written.doctor, path, episode_id=episode, **{f"{name}_to": before}) == []

    @pytest.mark.parametrize("kind", MAKERS)
    async def test_encounter_when_given_then_only_what_it_brought(self, written, kind):
        path = f"{written.path}/{kind}"
        assert await ids(written.doctor, path, encounter_id=written.visiting.encounter) == [id_of(written, kind)]

    async def test_organization_when_own_then_found(self, written):
        own = written.doctor.client_id
        found = await ids(written.doctor, f"{written.path}/conditions", managing_organization_id=own)
        assert found == [id_of(written, "conditions")]

    async def test_dates_when_not_a_date_then_422(self, written):
        got = await written.doctor.get(f"{written.path}/conditions", onset_date_from="вчора")
        assert got.status_code == 422


class TestDeclaration:
    async def test_doctor_when_the_patient_chose_them_then_foreign_records_are_open(
        self, written, foreign_doctor, declared_to_foreign_doctor
    ):
        path = f"{written.path}/conditions"
        assert await ids(foreign_doctor, path) == [id_of(written, "conditions")]
        assert (await foreign_doctor.get(f"{path}/{id_of(written, 'conditions')}")).status_code == 200
        assert (await foreign_doctor.get(f"{path}/{uuid4()}")).status_code == 404


class TestSummary:
    async def test_when_a_code_is_not_open_to_all_then_not_shown(self, written, foreign_doctor, db):
        await db.execute("update conditions set codes = '{R81}'")
        assert await ids(foreign_doctor, f"{written.path}/summary/conditions") == []
        one = await foreign_doctor.get(f"{written.path}/summary/conditions/{id_of(written, 'conditions')}")
        assert one.status_code == 404

    async def test_when_entered_in_error_then_not_shown(self, written, foreign_doctor, db):
        await db.execute("update encounters set status = 'entered_in_error'")
        assert await ids(foreign_doctor, f"{written.path}/summary/encounters") == []

    async def test_encounter_when_shown_then_in_short(self, written, foreign_doctor):
        got = await foreign_doctor.get(f"{written.path}/summary/encounters/{written.visiting.encounter}")
        assert set(got.json()["data"]) == {
            "id", "status", "period", "episode", "class", "type", "performer_speciality",
        }
        assert got.json()["data"]["performer_speciality"]["coding"][0]["system"] == "SPECIALITY_TYPE"

    async def test_encounters_when_filtered_by_class_then_only_those(self, written, foreign_doctor):
        path = f"{written.path}/summary/encounters"
        assert await ids(foreign_doctor, path, **{"class": "PHC"}) == [id_of(written, "encounters")]
        assert await ids(foreign_doctor, path, **{"class": "AMB"}) == []

    async def test_episodes_when_shown_then_in_short(self, written, foreign_doctor):
        got = await foreign_doctor.get(f"{written.path}/summary/episodes")
        (episode,) = got.json()["data"]
        assert set(episode) == {"id", "name", "status", "period", "inserted_at", "updated_at"}

    async def test_diagnoses_when_shown_then_those_of_active_episodes(self, written, foreign_doctor):
        path = f"{written.path}/summary/diagnoses"
        (diagnosis,) = (await foreign_doctor.get(path)).json()["data"]
        assert diagnosis["condition"]["identifier"]["value"] == str(written.visiting.condition)
        assert len((await foreign_doctor.get(path, code="R80")).json()["data"]) == 1
        assert (await foreign_doctor.get(path, code="R81")).json()["data"] == []

    async def test_when_without_the_scope_then_403(self, written, registrar):
        assert (await registrar.get(f"{written.path}/summary/episodes")).status_code == 403


class TestJobs:
    async def test_when_of_another_clinic_then_404(self, chart, foreign_doctor):
        from_chart = await chart.doctor.post(f"{chart.path}/encounter_package", {"signed_data": "AAAA"})
        href = from_chart.json()["data"]["links"][0]["href"]
        assert (await foreign_doctor.get(f"/api{href}")).status_code == 404

    async def test_when_unknown_then_404(self, chart):
        assert (await chart.doctor.get("/api/jobs/5cbed6e2ed59d30001e54b92")).status_code == 404
