"""Signed documents of records: their schemas, tighter than the published shapes alone, and their typed form."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from esoz import spec
from esoz.central.dictionaries import dictionaries
from esoz.kernel.faults import must_hold
from esoz.kernel.fhir import RESOURCES
from esoz.kernel.validation import Schema, without_blanks

from ..model.cancellation import Cancellation, of_encounter, of_report
from ..model.entities import source_faults
from ..model.kinds import DIAGNOSTIC_REPORTS, OBSERVATIONS
from ..model.package import Package, Records, package_of, placed
from .tolerated import as_published, relaxed

CREATE = "post_api_patients_ID_encounter_package"
CANCEL = "patch_api_patients_ID_encounter_package"
CREATE_REPORT = "post_api_patients_ID_diagnostic_report_package"
CANCEL_REPORT = "patch_api_patients_ID_diagnostic_report_package"

_CODING = {"system", "code"}
_NOT_SHAPES = frozenset({"dependentSchemas", "required", "enum"})
_MISPRINTS = {"observaton": "observation"}


def read_package(content: Mapping[str, Any], *, is_checked: bool = False) -> Package:
    """The typed package. Raises Rejected with every fault of its shape, unless that `is_checked` already."""
    content = as_published(CREATE, content)
    if not is_checked:
        check(CREATE, content)
    package = package_of(content)
    must_hold(source_faults(package.records))
    return package


def read_report(content: Mapping[str, Any], *, is_checked: bool = False) -> tuple[Records, Mapping[str, Any]]:
    """A report with its observations, typed, and what of the document is kept. Raises Rejected.

    DG-1: outside an encounter nothing is told of reactions on vaccines.
    """
    content = as_published(CREATE_REPORT, content)
    if not is_checked:
        check(CREATE_REPORT, content)
    observations = [
        {name: value for name, value in each.items() if name != "reaction_on"}
        for each in content.get(OBSERVATIONS.name, ())
    ]
    report = content[DIAGNOSTIC_REPORTS.one]
    records = [placed(DIAGNOSTIC_REPORTS, None, report)]
    records += [placed(OBSERVATIONS, number, each) for number, each in enumerate(observations)]
    must_hold(source_faults(Records(records)))
    return Records(records), {DIAGNOSTIC_REPORTS.one: report, OBSERVATIONS.name: observations}


def read_cancellation(content: Mapping[str, Any], *, is_checked: bool = False) -> Cancellation:
    """A cancellation of an encounter package. Raises Rejected with every fault of its shape."""
    content = as_published(CANCEL, content)
    if not is_checked:
        check(CANCEL, content, closed=False)
    return of_encounter(content)


def read_report_cancellation(content: Mapping[str, Any], *, is_checked: bool = False) -> Cancellation:
    """A cancellation of a diagnostic report. Raises Rejected with every fault of its shape."""
    content = as_published(CANCEL_REPORT, content)
    if not is_checked:
        check(CANCEL_REPORT, content, closed=False)
    return of_report(content)


def check(operation_id: str, content: Mapping[str, Any], *, closed: bool = True) -> None:
    """Raise Rejected with every fault of a signed document. `closed`: fields that nobody will read are refused."""
    _schema(operation_id, closed, dictionaries.version).check(content)


@lru_cache(maxsize=8)
def _schema(operation_id: str, closed: bool, _version: int) -> Schema:
    # Compiled anew when dictionaries change: codes of `x-dictionary` are taken at compilation.
    return Schema(without_blanks(signed_schema(operation_id, closed=closed)), dictionaries.codes)


def signed_schema(operation_id: str, *, closed: bool = True) -> dict[str, Any]:
    """The schema of a whole signed document."""
    tight: dict[str, Any] = tightened(dict(spec.signed_schema(operation_id, "$") or {}), closed=closed)
    return relaxed(tight)


def tightened(node: Any, *, closed: bool = True) -> Any:
    """The same schema, refusing what the published shapes leave open and the real server refuses.

    A coding has both its parts, in one of the systems published for its place; a reference has an identifier of the
    kind published for it; when `closed`, a record has no fields that nobody will ever read.
    """
    if isinstance(node, list):
        return [tightened(each, closed=closed) for each in node]
    if not isinstance(node, dict):
        return node
    properties = node.get("properties")
    others = {key: value for key, value in node.items() if key != "properties"}
    whole = {key: value if key in _NOT_SHAPES else tightened(value, closed=closed) for key, value in others.items()}
    if not isinstance(properties, dict):
        return whole
    fields = {name: tightened(each, closed=closed) for name, each in properties.items()}
    return _shape(whole, fields, node.get("x-coding"), closed=closed)


def _shape(whole: dict[str, Any], fields: dict[str, Any], systems: list[str] | None, *, closed: bool) -> dict[str, Any]:
    names = set(fields)
    required = set(whole.pop("required", ()))
    if names - {"display"} == _CODING:
        required |= _CODING
        fields = _with_systems(fields, systems)
    elif names <= {"coding", "text"} and "coding" in names:
        required |= {"coding"}
        fields["coding"] = {**fields["coding"], "minItems": 1}
    elif names == {"type", "value"}:
        required |= names
    elif names == {"type"}:  # an identifier for which the publication forgot the value: without one it names nothing
        fields["value"] = {"type": "string", "format": "uuid"}
        required |= {"type", "value"}
    elif names <= {"identifier", "display_value"}:
        required = {"identifier"}  # the words are the server's, whatever the publication says in places
    elif closed:
        whole["additionalProperties"] = False
    elif "id" in names:
        # A cancellation tells by its status what is taken back; the published statuses of some kinds are of others.
        fields |= {name: {"type": "string"} for name in ("status", "verification_status") if name in names}
        # It says why a record was entered in error: of one that stands nothing is told (CN-7, a rule of the model).
        required -= {"explanatory_letter"}
    return whole | {"properties": fields} | ({"required": sorted(required)} if required else {})


def _with_systems(fields: dict[str, Any], systems: list[str] | None) -> dict[str, Any]:
    resources = _resources(fields["code"])
    # `eHealth/resources` without kinds is a left-over of a sample: components and values carry other codes.
    if systems and (systems != [RESOURCES] or resources):
        fields = {**fields, "system": {**fields["system"], "enum": systems}}
    if resources:
        fields = {**fields, "code": {**fields["code"], "enum": resources}}
    return fields


def _resources(code: dict[str, Any]) -> list[str]:
    """The kinds that a reference may point to: all that are published for it, not only the one of the sample."""
    sample = code.get("x-resource") or []
    if sample == ["patient"]:  # the sample of every concept in one of the blueprints, whatever the place
        sample = []
    published = [_MISPRINTS.get(each, each) for each in code.get("enum", ())]
    return sorted({*sample, *published})
