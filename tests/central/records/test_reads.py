"""Reading records: one, lists with filters, in the context of an episode, the context itself, the summary."""

from datetime import timedelta
from uuid import uuid4

import pytest

from esoz.central.dictionaries import import_diagnoses_groups, read_diagnoses_groups
from esoz.central.records.model import ENTITIES
from esoz.central.services.model import group_id
from tests.factories import kinds, services
from tests.factories.records import moment, new_episode, package, ref, without_words

ENTITY_NAMES = [kind.name for kind in ENTITIES]
# Kinds that are published in the context of an episode, and those whose summary shows what the package has.
IN_EPISODE = ("encounters", "conditions", "observations", "immunizations", "allergy_intolerances")
IN_SUMMARY = (*IN_EPISODE, "risk_assessments", "devices", "medication_statements")
HAS_CONTEXT = [name for name in ("encounters", *ENTITY_NAMES) if name != "specimens"]
# Lists that are not narrowed by `episode_id`.
OTHERWISE = {
    "diagnostic_reports": "context_episode_id",
    "device_dispenses": "context_episode_id",
    "specimens": "encounter",
}
# What the server adds to the signed document.
ADDED = {
    "medication_administrations": {"managing_organization"},
    "specimens": {"accession_identifier", "subject", "inserted_by", "updated_by"},
    "device_dispenses": {"subject", "performer_legal_entity", "inserted_by", "updated_by"},
    "device_associations": {"inserted_by", "updated_by"},
    "detected_issues": {"inserted_by", "updated_by"},
}


def id_of(chart, kind: str) -> str:
    return str(kinds.id_of(chart.visiting, kind))


def narrowed(chart, kind: str) -> dict:
    """The parameter that leaves what the chart's episode or encounter holds."""
    name = OTHERWISE.get(kind, "episode_id")
    return {name: chart.visiting.encounter if name == "encounter" else chart.visiting.episode}


async def ids(caller, path: str, **query: object) -> list[str]:
    got = await caller.get(path, **query)
    assert got.status_code == 200, got.text
    return [each["id"] for each in got.json()["data"]]


def without_units(node):
    """Quantities without the words that the server adds to those of specimens and dispenses."""
    if isinstance(node, list):
        return [without_units(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {name: without_units(value) for name, value in node.items() if name != "unit" or node["code"] == "Cel"}


@pytest.mark.parametrize("kind", ENTITY_NAMES)
async def test_record_when_read_back_then_as_sent_with_its_times(written, drug, kind):
    data = (await written.doctor.get(f"{written.path}/{kind}/{id_of(written, kind)}")).json()["data"]
    for author in ("asserter", "performer", "recorder", "recorded_by", "assessor", "registered_by"):
        assert "identifier" not in data.get(author, {}) or data[author]["display_value"]
    now = moment(written.visiting.now)
    sent = kinds.whole_package(written.visiting, drug)[kind][0]
    added = {name: data.pop(name) for name in ADDED.get(kind, ())}
    assert all(added.values())
    assert without_units(without_words(data)) == sent | {"inserted_at": now, "updated_at": now}


@pytest.mark.parametrize("kind", ["encounters", *ENTITY_NAMES])
class TestEveryKind:
    async def test_list_when_narrowed_to_the_episode_then_found(self, written, kind):
        path, id = f"{written.path}/{kind}", id_of(written, kind)
        got = await written.doctor.get(path, **narrowed(written, kind))
        assert [each["id"] for each in got.json()["data"]] == [id]
        assert got.json()["paging"] == {
            "page": 1,
            "page_number": 1,
            "page_size": 50,
            "total_entries": 1,
            "total_pages": 1,
        }

    async def test_by_another_clinic_without_a_right_then_403(self, written, foreign_doctor, kind):
        path = f"{written.path}/{kind}"
        for place in (f"{path}/{id_of(written, kind)}", f"{path}/{uuid4()}", path):
            got = await foreign_doctor.get(place)
            assert (got.status_code, got.json()["error"]["type"]) == (403, "forbidden")

    # RD-1
    async def test_list_when_a_parameter_is_unknown_then_422(self, written, kind):
        got = await written.doctor.get(f"{written.path}/{kind}", colour="red")
        assert got.status_code == 422


# RD-1
@pytest.mark.parametrize("minutes", [1, -1])
async def test_list_when_several_then_the_newest_first(written, db, minutes):
    later = written.again()
    assert (await written.send(package(later), visiting=later)).status_code == 303
    moved = "update encounters set inserted_at = inserted_at + make_interval(mins => $2) where id = $1"
    await db.execute(moved, later.encounter, minutes)
    in_order = [str(later.encounter), str(written.visiting.encounter)][::minutes]
    assert await ids(written.doctor, f"{written.path}/encounters", episode_id=later.episode) == in_order


@pytest.mark.parametrize("kind", IN_EPISODE)
class TestOfEpisode:
    async def test_list_when_of_the_episode_then_found(self, written, kind):
        path = f"{written.path}/episodes/{written.visiting.episode}/{kind}"
        assert await ids(written.doctor, path) == [id_of(written, kind)]

    async def test_one_when_in_the_context_of_its_episode_then_found(self, written, kind):
        path = f"{written.path}/episodes/{written.visiting.episode}/{kind}/{id_of(written, kind)}"
        got = await written.doctor.get(path)
        assert (got.status_code, got.json()["data"]["id"]) == (200, id_of(written, kind))

    # RD-3
    async def test_one_when_the_episode_is_another_then_404(self, written, kind):
        path = f"{written.path}/episodes/{uuid4()}/{kind}"
        assert (await written.doctor.get(f"{path}/{id_of(written, kind)}")).status_code == 404
        assert (await written.doctor.get(path)).status_code == 404

    async def test_list_by_another_clinic_then_403(self, written, foreign_doctor, kind):
        path = f"{written.path}/episodes/{written.visiting.episode}/{kind}"
        assert (await foreign_doctor.get(path)).status_code == 403


@pytest.mark.parametrize("kind", HAS_CONTEXT)
async def test_context_when_asked_then_the_episode(written, kind):
    got = await written.doctor.get(f"{written.path}/{kind}/{id_of(written, kind)}/context")
    episode = ref("episode", written.visiting.episode) | {"display_value": "Гострий бронхіт"}
    assert (got.status_code, got.json()["data"]) == (200, {"episode": episode})


@pytest.mark.parametrize("kind", IN_SUMMARY)
class TestOfSummary:
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
            ("devices", {"type": "35852"}, {"type": "1"}),
            ("devices", {"serial_number": "SN-1"}, {"serial_number": "SN-2"}),
            ("devices", {"name": "Кардіостимулятор"}, {"name": "Протез"}),
            ("devices", {"status": "active"}, {"status": "inactive"}),
            ("device_associations", {"body_site": "heart"}, {"body_site": "knee"}),
            ("medication_statements", {"medication_code": "aspirin"}, {"medication_code": "another"}),
            ("medication_administrations", {"category_code": "outpatient"}, {"category_code": "inpatient"}),
            ("clinical_impressions", {"status": "completed"}, {"status": "entered_in_error"}),
            ("procedures", {"code": services.id_of(services.COLONOSCOPY)}, {"code": services.id_of(services.ECG)}),
            ("diagnostic_reports", {"code": services.id_of(services.ECG)}, {"code": services.id_of("1")}),
            ("specimens", {"container_type": "default"}, {"container_type": "jar"}),
            ("device_dispenses", {"device_code": "35852"}, {"device_code": "1"}),
        ],
    )
    async def test_code_when_given_then_only_what_has_it(self, written, kind, right, wrong):
        path, own = f"{written.path}/{kind}", narrowed(written, kind)
        assert await ids(written.doctor, path, **own, **right) == [id_of(written, kind)]
        assert await ids(written.doctor, path, **own, **wrong) == []

    @pytest.mark.parametrize(
        ("kind", "name", "days"),
        [
            ("conditions", "onset_date", 2),
            ("observations", "issued", 0),
            ("immunizations", "date", 4000),
            ("allergy_intolerances", "onset_date_time", 400),
            ("encounters", "period_start", 0),
            ("encounters", "period_end", 0),
            ("encounters", "date", 0),
            ("risk_assessments", "asserted_date", 0),
            ("devices", "inserted_at", 0),
            ("device_associations", "association_date", 10),
            ("device_associations", "recorded", 0),
            ("detected_issues", "identified_date_time", 0),
            ("medication_statements", "asserted_date", 0),
            ("medication_administrations", "performed_date", 0),
            ("diagnostic_reports", "issued", 0),
            ("clinical_impressions", "effective_date", 0),
            ("specimens", "collected", 0),
            ("device_dispenses", "when_handed_over", 0),
        ],
    )
    async def test_dates_when_given_then_the_whole_day_counts(self, written, kind, name, days):
        path, own = f"{written.path}/{kind}", narrowed(written, kind)
        day = (written.visiting.now - timedelta(days=days)).date()
        before, after = day - timedelta(days=1), day + timedelta(days=1)
        same = {f"{name}_from": day, f"{name}_to": day}
        assert await ids(written.doctor, path, **own, **same) == [id_of(written, kind)]
        assert await ids(written.doctor, path, **own, **{f"{name}_from": after}) == []
        assert await ids(written.doctor, path, **own, **{f"{name}_to": before}) == []

    @pytest.mark.parametrize("kind", [name for name in ENTITY_NAMES if name not in ("specimens", "device_dispenses")])
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


class TestServiceGroups:
    @pytest.mark.parametrize(("kind", "group"), [("diagnostic_reports", "B1"), ("procedures", "B")])
    async def test_when_a_group_is_asked_then_what_its_services_brought(self, written, kind, group):
        path = f"{written.path}/service_groups/{kind}"
        own = {"managing_organization_id": written.doctor.client_id}
        right, above, wrong = (group_id(code) for code in (group, "B", "A"))
        for known in (right, above):
            assert await ids(written.doctor, path, service_group_id=known, **own) == [id_of(written, kind)]
        for unknown in (wrong, uuid4()):
            assert await ids(written.doctor, path, service_group_id=unknown, **own) == []
        assert await ids(written.doctor, path, **own) == [id_of(written, kind)]
        assert (await written.doctor.get(path)).status_code == 200  # the patient chose this doctor

    async def test_by_another_clinic_then_403(self, written, foreign_doctor):
        assert (await foreign_doctor.get(f"{written.path}/service_groups/procedures")).status_code == 403


# AB-1
class TestDeclaration:
    async def test_doctor_when_the_patient_chose_them_then_foreign_records_are_open(
        self, written, foreign_doctor, declared_to_foreign_doctor
    ):
        path = f"{written.path}/conditions"
        assert await ids(foreign_doctor, path) == [id_of(written, "conditions")]
        assert (await foreign_doctor.get(f"{path}/{id_of(written, 'conditions')}")).status_code == 200
        assert (await foreign_doctor.get(f"{path}/{uuid4()}")).status_code == 404


# RD-2
class TestSummary:
    @pytest.mark.parametrize("kind", ["diagnostic_reports", "procedures", "clinical_impressions"])
    async def test_when_no_code_of_the_kind_is_open_then_nothing_is_shown(self, written, foreign_doctor, kind):
        assert await ids(foreign_doctor, f"{written.path}/summary/{kind}") == []
        assert (await foreign_doctor.get(f"{written.path}/summary/{kind}/{id_of(written, kind)}")).status_code == 404

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
            "id",
            "status",
            "period",
            "episode",
            "class",
            "type",
            "performer_speciality",
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


# JB-3
class TestJobs:
    async def test_when_of_another_clinic_then_404(self, chart, foreign_doctor):
        from_chart = await chart.doctor.post(f"{chart.path}/episodes", new_episode(chart.visiting))
        href = from_chart.json()["data"]["links"][0]["href"]
        assert (await foreign_doctor.get(f"/api{href}")).status_code == 404

    async def test_when_unknown_then_404(self, chart):
        assert (await chart.doctor.get("/api/jobs/5cbed6e2ed59d30001e54b92")).status_code == 404

    async def test_when_processed_without_links_then_its_body_stands_in_the_answer(self, chart, db):
        accepted = await chart.doctor.post(f"{chart.path}/episodes", new_episode(chart.visiting))
        href = accepted.json()["data"]["links"][0]["href"]
        # As a handler finishes that made nothing with an address of its own: `Done(response=…)`.
        await db.execute(
            "update jobs set status = 'processed', status_code = 200, links = '[]', response = $2, finished_at = now()"
            " where id = $1",
            href.removeprefix("/jobs/"),
            {"is_verified": True},
        )
        got = await chart.doctor.get(f"/api{href}")
        data = got.json()["data"]
        assert (got.status_code, "Location" in got.headers) == (200, False)
        assert (data["status"], data["status_code"]) == ("processed", 200)
        assert data["response_data"] == {"is_verified": True} and "links" not in data


class TestDiagnosesGroups:
    async def test_when_a_group_is_asked_then_episodes_with_its_diagnoses(self, written, foreign_doctor, work):
        lines = [
            "code,name,description,system,diagnosis",
            "FLU,Грип,,eHealth/ICPC2/condition_codes,R80",
            "ICD,Інше,,eHealth/ICD10_AM/condition_codes,R80",
        ]
        await import_diagnoses_groups(work, read_diagnoses_groups("\n".join(lines).encode()))
        path = f"{written.path}/diagnoses_groups/episodes"
        groups = (await written.doctor.get("/api/diagnoses_groups")).json()["data"]
        flu, other = (each["id"] for each in groups)
        (episode,) = (await written.doctor.get(path, diagnoses_group_id=flu)).json()["data"]
        assert episode["id"] == str(written.visiting.episode)
        assert episode["diagnoses"][0]["code"]["coding"][0]["code"] == "R80"
        assert await ids(written.doctor, path, diagnoses_group_id=other) == []  # the same letters of another system
        assert await ids(written.doctor, path) == [str(written.visiting.episode)]
        assert (await foreign_doctor.get(path, diagnoses_group_id=flu)).status_code == 403
