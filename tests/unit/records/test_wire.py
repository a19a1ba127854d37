"""Published spellings: schema of the signed package, parameters of lists, documents, access."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import msgspec
import pytest

from esoz import spec
from esoz.central.records import operations, policy, wire
from esoz.central.records.model import ENTITIES
from esoz.central.records.model.documents import references, with_names
from esoz.central.records.store import filters
from esoz.central.records.wire.lists import moment, parameters
from esoz.kernel.errors import Forbidden, Rejected
from esoz.kernel.work import Actor
from tests.factories import kinds
from tests.factories import records as build


def refused(content):
    with pytest.raises(Rejected) as caught:
        wire.read_package(content)
    return [(fault.entry, fault.rule) for fault in caught.value.invalid]


class TestPackage:
    def test_when_right_then_it_is_typed(self, visiting):
        content = build.package(
            visiting, immunizations=[build.immunization(visiting)], allergy_intolerances=[build.allergy(visiting)]
        )
        package = wire.read_package(content)
        assert package.encounter.id == visiting.encounter
        assert [each.id for each in package.records.observations] == [visiting.observation]

    def test_when_it_brings_every_kind_then_all_are_typed(self, visiting):
        package = wire.read_package(kinds.whole_package(visiting, uuid4()))
        assert [each.kind for each in package.records.placed] == list(ENTITIES)

    @pytest.mark.parametrize("kind", ENTITIES, ids=lambda kind: kind.name)
    def test_when_a_record_has_an_unknown_field_then_it_is_named(self, visiting, kind):
        content = kinds.whole_package(visiting, uuid4(), changed={kind.name: {"nonsense": 1}})
        assert refused(content) == [(f"$.{kind.name}[0].nonsense", "schema")]

    def test_when_a_component_has_a_code_of_loinc_then_it_is_taken(self, visiting):
        component = {"code": build.concept("eHealth/LOINC/observation_codes", "8480-6"), "value_string": "120"}
        content = build.package(visiting, observations=[build.observation(visiting, components=[component])])
        assert wire.read_package(content).encounter.id == visiting.encounter

    def test_when_such_a_list_is_empty_then_nothing_is_lost(self, visiting):
        assert wire.read_package(build.package(visiting) | {"procedures": []}).encounter.id == visiting.encounter

    @pytest.mark.parametrize(
        ("change", "fault"),
        [
            (lambda it: it.pop("encounter"), ("$.encounter", "required")),
            (lambda it: it.update(nonsense=1), ("$.nonsense", "schema")),
            (lambda it: it["encounter"].update(nonsense=1), ("$.encounter.nonsense", "schema")),
            (lambda it: it["conditions"][0].pop("code"), ("$.conditions[0].code", "required")),
            (lambda it: it["conditions"][0].update(code={"text": "грип"}), ("$.conditions[0].code.coding", "required")),
            (lambda it: it["conditions"][0].update(code={"coding": []}), ("$.conditions[0].code.coding", "length")),
            (
                lambda it: it["conditions"][0].update(code=build.concept("eHealth/LOINC/observation_codes", "8310-5")),
                ("$.conditions[0].code.coding[0].system", "inclusion"),
            ),
            (
                lambda it: it["encounter"].update(performer=build.ref("division", uuid4())),
                ("$.encounter.performer.identifier.type.coding[0].code", "inclusion"),
            ),
            (lambda it: it["encounter"].update(performer={}), ("$.encounter.performer.identifier", "required")),
            (lambda it: it["conditions"][0].update(onset_date="2026-11-20"), ("$.conditions[0].onset_date", "format")),
            (lambda it: it["observations"][0].pop("value_quantity"), ("$.observations[0]", "schemata")),
        ],
    )
    def test_when_the_shape_is_wrong_then_the_place_is_named(self, visiting, change, fault):
        content = msgspec.json.decode(msgspec.json.encode(build.package(visiting)))
        change(content)
        assert refused(content) == [fault]

    # EN-3
    def test_when_two_values_are_given_then_the_one_too_many_is_named(self, visiting):
        content = build.package(visiting)
        content["observations"][0]["value_string"] = "тепло"
        assert [entry for entry, _ in refused(content)] == ["$.observations[0].value_string"]


class TestLists:
    def test_parameters_when_published_then_each_narrows_its_list(self):
        known = {kind.name: {*filters.ENTITY_FILTERS, *kind.keys, "service_group_id"} for kind in ENTITIES} | {
            "episodes": {*filters.EPISODE_FILTERS, "diagnoses_group_id"},
            "encounters": filters.ENCOUNTER_FILTERS,
            "diagnoses": {"code": ""},
        }
        checked = 0
        for operation in operations:
            name = operation.path.rsplit("/", 1)[-1]
            if operation.method == "GET" and name in known and not operation.path.startswith("/api/pis/"):
                published = spec.find(operation.method, operation.path)
                asked = {field.encode_name for field in msgspec.structs.fields(parameters(published.id))}
                assert asked <= set(known[name]), operation.path
                checked += 1
        assert checked == 38

    @pytest.mark.parametrize(
        ("name", "day", "expected"),
        [
            ("issued_from", date(2026, 7, 1), datetime(2026, 6, 30, 21, 0, tzinfo=UTC)),
            ("issued_to", date(2026, 7, 1), datetime(2026, 7, 1, 21, 0, tzinfo=UTC)),
            ("issued_from", date(2026, 12, 1), datetime(2026, 11, 30, 22, 0, tzinfo=UTC)),
        ],
    )
    def test_day_when_asked_for_then_it_is_a_day_of_kyiv(self, name, day, expected):
        assert moment(name, day) == expected


def test_operations_when_compared_with_the_contract_then_id_path_and_scope_are_its_own():
    for operation in operations:
        published = spec.find(operation.method, operation.path)
        if operation.path.startswith("/api/pis/"):  # a patient's own record: ours, tests/contract asks for its row
            continue
        assert published is not None and published.path == operation.path
        assert (operation.id, operation.scope) == (
            published.esoz_api_id or published.id,
            " ".join(published.scopes),
        )


class TestDocuments:
    # EN-11
    def test_names_when_given_by_the_client_then_only_the_register_is_believed(self):
        known, unknown = uuid4(), uuid4()
        document = {
            "a": [build.ref("employee", known) | {"display_value": "Хто завгодно"}],
            "b": build.ref("employee", unknown) | {"display_value": "Хто завгодно"},
        }
        assert with_names(document, {("employee", known): "Шевченко Тарас"}) == {
            "a": [build.ref("employee", known) | {"display_value": "Шевченко Тарас"}],
            "b": build.ref("employee", unknown) | {"display_value": ""},
        }

    def test_references_when_deep_then_all_are_found(self):
        first, second = uuid4(), uuid4()
        document = {"a": [{"b": build.ref("employee", first)}], "c": build.ref("division", second)}
        assert set(references(document)) == {("employee", first), ("division", second)}


# AB-1
class TestAccess:
    @pytest.mark.parametrize(
        ("access", "rule"),
        [
            (policy.Access(), None),
            (policy.Access(is_the_patient=True), "own_record"),
            (policy.Access(own_resource=True), "own_legal_entity"),
            (policy.Access(active_declaration=True), "active_declaration"),
        ],
    )
    def test_rules_when_one_is_enough_then_its_name_is_told(self, access, rule):
        assert policy.granting_rule(access) == rule

    def test_rules_when_none_grants_then_forbidden(self):
        with pytest.raises(Forbidden):
            policy.must_be_granted(policy.Access())

    @pytest.mark.parametrize("holder", [None, UUID(int=2)])
    def test_own_when_the_caller_has_no_clinic_or_another_then_not(self, holder):
        assert not policy.is_own(Actor(client_id=None), holder)
        assert not policy.is_own(Actor(client_id=UUID(int=1)), holder)
