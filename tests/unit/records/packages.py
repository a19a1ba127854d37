"""Packages with a record of one kind, and what the rules of its kind find in them."""

from dataclasses import replace
from uuid import uuid4

from esoz.central.records.model import ENTITIES
from esoz.central.records.model.entities import entity_faults
from esoz.central.records.model.kinds import (
    CONDITIONS,
    OBSERVATIONS,
)
from esoz.kernel.references import Referent
from tests.factories import kinds
from tests.factories import records as build

from .conftest import typed

MEDICATION = uuid4()


def _administration(visiting, **changes):
    return kinds.medication_administration(visiting, MEDICATION, **changes)


MAKERS = {kind: kinds.MAKERS.get(kind.name, _administration) for kind in ENTITIES}


def found(kind, package, reference_data):
    """Faults of one kind in a package; the drug that an administration names is there."""
    drug = {("medication", MEDICATION): Referent()}
    reference_data = replace(reference_data, outside={**reference_data.outside, **drug})
    return [(fault.entry, fault.description) for fault in entity_faults(kind, typed(package), reference_data)]


def package_of(visiting, kind, **changes):
    """A package whose record of this kind has these fields; the records that others name stand beside it."""
    lists = {each.name: [MAKERS[each](visiting)] for each in ENTITIES if each not in (CONDITIONS, OBSERVATIONS)}
    return build.package(visiting, **(lists | {kind.name: [MAKERS[kind](visiting, **changes)]}))
