"""Forbidden groups: what they name is read by the patient, by who wrote it, and by whom the patient let in."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from esoz.central.forbidden_groups import import_forbidden_groups, read_forbidden_groups
from esoz.central.records.model.hidden import Hidden, HiddenRecord, hidden_by
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.central.answers import answered, refused
from tests.factories import kinds
from tests.factories.records import Chart, ref
from tests.factories.services import COLONOSCOPY, ECG
from tests.factories.world import Caller, World

HEADER = "group,name,reason,system,code,member_reason\n"
# One member for each way by which a record can be about something.
GROUPS = f"""{HEADER}FLU,Грип,наказ,eHealth/ICPC2/condition_codes,R80,наказ
TEMP,Вимірювання,наказ,eHealth/LOINC/observation_codes,8310-5,наказ
BCG,Щеплення,наказ,eHealth/vaccine_codes,BCG,наказ
SERV,Послуги,наказ,service,{ECG},наказ
SERV,Послуги,наказ,service,{COLONOSCOPY},наказ
"""
# The same codes of other dictionaries: they hide nothing.
OTHERS = f"""{HEADER}FLU,Грип,наказ,eHealth/ICPC2/reasons,R80,наказ
"""
HIDDEN_KINDS = ("conditions", "observations", "immunizations", "diagnostic_reports", "procedures")
Group = Callable[[str], Awaitable[UUID]]


async def imported(work: Work, file: str) -> None:
    await import_forbidden_groups(work, read_forbidden_groups(file.encode()))


@pytest.fixture
async def guarded(written: Chart, work: Work) -> Chart:
    """A record of the patient, much of which groups name."""
    await imported(work, GROUPS)
    return written


@pytest.fixture
def reader(foreign_doctor: Caller, declared_to_foreign_doctor: None) -> Caller:
    """The doctor whom the patient chose, of a clinic that wrote none of it."""
    return foreign_doctor


@pytest.fixture
def group_id(db: Connection) -> Group:
    async def found(code: str) -> UUID:
        id: UUID = await db.fetchval("select id from forbidden_groups where code = $1", code)
        return id

    return found


async def ids(caller: Caller, path: str, **query: str) -> set[str]:
    return {each["id"] for each in answered(await caller.get(path, **query))["data"]}


async def opened(reader: Caller, db: Connection, chart: Chart, group: UUID) -> str:
    """The patient opens a group to the reader; the id of the approval."""
    assert reader.employee_id is not None
    body = {
        "granted_to": ref("employee", reader.employee_id),
        "access_level": "read",
        "forbidden_group": ref("forbidden_group", group),
    }
    made = answered(await reader.post(f"{chart.path}/approvals", body), 201)["data"]
    await db.execute("update approvals set status = 'active' where id = $1", UUID(made["id"]))
    return str(made["id"])


class TestHidden:
    @pytest.mark.parametrize("kind", HIDDEN_KINDS)
    async def test_list_and_one_and_context_then_as_if_it_were_not_there(
        self, guarded: Chart, reader: Caller, kind: str
    ) -> None:
        id = kinds.id_of(guarded.visiting, kind)
        assert await ids(reader, f"{guarded.path}/{kind}") == set()
        refused(await reader.get(f"{guarded.path}/{kind}/{id}"), 404, "not_found")
        refused(await reader.get(f"{guarded.path}/{kind}/{id}/context"), 404, "not_found")

    async def test_summary_then_not_there(self, guarded: Chart, reader: Caller) -> None:
        for kind in ("conditions", "observations", "immunizations"):
            id = kinds.id_of(guarded.visiting, kind)
            assert await ids(reader, f"{guarded.path}/summary/{kind}") == set()
            refused(await reader.get(f"{guarded.path}/summary/{kind}/{id}"), 404, "not_found")
        assert await ids(reader, f"{guarded.path}/summary/episodes") == set()
        assert answered(await reader.get(f"{guarded.path}/summary/diagnoses"))["data"] == []

    async def test_diagnosis_of_a_group_then_its_encounter_and_episode_are_not_there(
        self, guarded: Chart, reader: Caller
    ) -> None:
        for kind, id in (("encounters", guarded.visiting.encounter), ("episodes", guarded.visiting.episode)):
            assert await ids(reader, f"{guarded.path}/{kind}") == set()
            refused(await reader.get(f"{guarded.path}/{kind}/{id}"), 404, "not_found")

    async def test_other_records_then_read_and_nobody_says_what_the_hidden_ones_are(
        self, guarded: Chart, reader: Caller
    ) -> None:
        [risk] = answered(await reader.get(f"{guarded.path}/risk_assessments"))["data"]
        [basis] = risk["basis"]["references"]
        assert basis["identifier"]["value"] == str(guarded.visiting.observation)
        assert basis["display_value"] == ""
        assert await ids(reader, f"{guarded.path}/allergy_intolerances") == {str(guarded.visiting.allergy)}

    async def test_same_code_of_another_dictionary_then_seen(self, written: Chart, reader: Caller, work: Work) -> None:
        await imported(work, OTHERS)
        assert await ids(reader, f"{written.path}/conditions") == {str(written.visiting.condition)}

    async def test_group_out_of_use_then_seen(self, guarded: Chart, reader: Caller, work: Work) -> None:
        await imported(work, OTHERS)
        assert await ids(reader, f"{guarded.path}/observations") == {str(guarded.visiting.observation)}


class TestSeen:
    @pytest.mark.parametrize("kind", (*HIDDEN_KINDS, "encounters"))
    async def test_by_who_wrote_it_then_as_before(self, guarded: Chart, doctor: Caller, kind: str) -> None:
        id = str(kinds.id_of(guarded.visiting, kind))
        assert await ids(doctor, f"{guarded.path}/{kind}") == {id}
        assert answered(await doctor.get(f"{guarded.path}/{kind}/{id}"))["data"]["id"] == id

    @pytest.mark.parametrize("kind", (*HIDDEN_KINDS, "encounters"))
    async def test_by_the_patient_then_all_of_it(self, guarded: Chart, world: World, kind: str) -> None:
        id = str(kinds.id_of(guarded.visiting, kind))
        assert await ids(world.patient, f"/api/pis/person/medical_events/{kind}") == {id}

    async def test_group_opened_by_the_patient_then_that_group_and_no_other(
        self, guarded: Chart, reader: Caller, db: Connection, group_id: Group
    ) -> None:
        await opened(reader, db, guarded, await group_id("TEMP"))
        assert await ids(reader, f"{guarded.path}/observations") == {str(guarded.visiting.observation)}
        assert await ids(reader, f"{guarded.path}/conditions") == set()

    async def test_approval_ended_then_hidden_again(
        self, guarded: Chart, reader: Caller, db: Connection, group_id: Group
    ) -> None:
        id = await opened(reader, db, guarded, await group_id("TEMP"))
        await db.execute("update approvals set expires_at = $2 where id = $1", UUID(id), reader.now)
        assert await ids(reader, f"{guarded.path}/observations") == set()


class TestApproval:
    async def test_then_the_list_names_the_group(
        self, guarded: Chart, reader: Caller, db: Connection, group_id: Group
    ) -> None:
        group = await group_id("FLU")
        await opened(reader, db, guarded, group)
        [found] = answered(await reader.get(f"{guarded.path}/approvals"))["data"]
        [named] = found["granted_resources"]
        assert named["identifier"]["value"] == str(group) and named["display_value"] == "Грип"
        assert named["identifier"]["type"]["coding"][0]["code"] == "forbidden_group"

    async def test_group_out_of_use_then_refused(
        self, guarded: Chart, reader: Caller, work: Work, group_id: Group
    ) -> None:
        group = await group_id("TEMP")
        await imported(work, OTHERS)
        body = {
            "granted_to": ref("employee", reader.employee_id or ""),
            "access_level": "read",
            "forbidden_group": ref("forbidden_group", group),
        }
        answer = refused(await reader.post(f"{guarded.path}/approvals", body), 422, "validation_failed")
        assert "$.forbidden_group.identifier.value" in str(answer)


class TestRule:
    """AB-7."""

    A, B, RECORD = UUID(int=1), UUID(int=2), UUID(int=9)

    def test_record_of_two_groups_when_one_was_opened_then_hidden(self) -> None:
        both = [HiddenRecord("conditions", self.RECORD, each) for each in (self.A, self.B)]
        assert hidden_by(both, {self.A}).has("conditions", self.RECORD)
        assert not hidden_by(both, {self.A, self.B}).has("conditions", self.RECORD)
        assert hidden_by(both, set()).of("encounters") is None

    def test_words_of_what_is_hidden_then_none_and_the_rest_as_it_is(self) -> None:
        hidden = Hidden({"episodes": frozenset({self.RECORD})})
        pointed = {**ref("episode", self.RECORD), "display_value": "Психіатрія"}
        other = {**ref("episode", self.A), "display_value": "Грип"}
        assert hidden.without_words({"a": [pointed, other], "b": 1}) == {
            "a": [pointed | {"display_value": ""}, other],
            "b": 1,
        }
