"""A package and the facts around it, for rules that need no database."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from esoz.central.records.model import ENCOUNTERS, ENTITIES, Episode, Package
from esoz.central.records.model.episode import NewEpisode, opened
from esoz.central.records.model.package import package_of
from esoz.central.records.model.reference_data import ReferenceData, Service, StoredRecord
from esoz.central.records.model.staff import Doctor, Location
from esoz.kernel.references import Referent
from tests.factories import records as build
from tests.factories import services
from tests.factories.records import Visiting

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
KINDS = ("visits", *(kind.name for kind in (ENCOUNTERS, *ENTITIES)))


@pytest.fixture
def visiting() -> Visiting:
    return Visiting(NOW, clinic=uuid4(), doctor=uuid4(), division=uuid4())


@pytest.fixture
def episode(visiting: Visiting) -> Episode:
    new = msgspec.convert(build.new_episode(visiting), NewEpisode)
    return opened(new, person_id=uuid4(), now=NOW, by=None)


MakeReferenceData = Callable[..., ReferenceData]


@pytest.fixture
def reference_data(visiting: Visiting, episode: Episode) -> MakeReferenceData:
    """Facts in which a plain package is right; what is given replaces them."""

    def make(*, stored: Mapping[str, Mapping[UUID, StoredRecord]] | None = None, **changes: Any) -> ReferenceData:
        facts: dict[str, Any] = {
            "now": NOW,
            "legal_entity_id": visiting.clinic,
            "doctors": {visiting.doctor: Doctor(visiting.doctor, visiting.clinic, "DOCTOR", True, "FAMILY_DOCTOR")},
            "divisions": {visiting.division: Location(visiting.clinic, True)},
            "stored": {name: {} for name in KINDS} | dict(stored or {}),
            "episode": episode,
            "services": {services.id_of(services.ECG): Service("diagnostic_procedure")},
            "outside": {
                target: Referent()
                for target in (
                    ("employee", visiting.doctor),
                    ("division", visiting.division),
                    ("legal_entity", visiting.clinic),
                    *(("service", services.id_of(code)) for code in (services.ECG, services.COLONOSCOPY)),
                )
            },
        }
        return ReferenceData(**(facts | changes))

    return make


def typed(content: Mapping[str, Any]) -> Package:
    return package_of(msgspec.json.decode(msgspec.json.encode(content)))
