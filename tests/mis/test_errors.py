"""Every refusal of central that a doctor can meet has words and advice; an unknown one says whom to call."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import esoz.central
import esoz.kernel
import esoz.mis
from esoz.kernel.validation import _LIMITS
from esoz.mis.app import SECTIONS
from esoz.mis.base.explanations import CALL, UNKNOWN
from esoz.mis.link.errors import explanations
from esoz.mis.link.errors.texts import BY_RULE, BY_TYPE
from esoz.mis.link.errors.texts.fields import FIELDS
from esoz.sdk import CentralRefused, Fault

EXPLANATIONS = explanations(SECTIONS)

CENTRAL = Path(esoz.central.__file__).parent
RAISING = {
    "fault",
    "Conflict",
    "Forbidden",
    "NotFound",
    "Rejected",
    "BadRequest",
    "TooMany",
    "WrongCode",
    "rejected",
    "Invalid",
}
# Texts of operations that this workplace does not call: taking back, approvals.
ELSEWHERE = ("Approval", "approval", "cancel", "Service request", "Medication")


def sentences(folder: Path) -> Iterator[str]:
    """English sentences that refusals of a context are made of; parts that vary are shown as X."""
    trees = [ast.parse(file.read_text("utf-8")) for file in sorted(folder.rglob("*.py"))]
    named = {name: text for tree in trees for name, text in _constants(tree)}
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Call) and (_name(node.func) in RAISING or _name(node.func).startswith("must_")):
            arguments = [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg == "message")]
            yield from filter(_is_sentence, (_text(argument, named) for argument in arguments))


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, _text(node.value, {})


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _text(node: ast.expr, named: Mapping[str, str]) -> str:
    if isinstance(node, ast.Name):
        return named.get(node.id, "")
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "X" for part in node.values)
    return ""


def _is_sentence(text: str) -> bool:
    return " " in text and not text.startswith("$")


RECORDS = sorted({text for text in sentences(CENTRAL / "records") if not any(word in text for word in ELSEWHERE)})
PRESCRIPTIONS = sorted(set(sentences(CENTRAL / "prescriptions")))


# Contexts beside these two that this workplace writes to, and what they share.
OTHERS = (
    *("people", "workforce", "dictionaries", "medications", "programmes", "services", "organisations", "identity"),
    *("prepersons", "merges", "declarations", "person_requests", "uploads", "verifications"),
)
# What only registrars of the state, other systems or central's own site are told.
NOT_TOLD_HERE = (
    *("Legal", "legal", "License", "EDRPOU", "consent is mandatory", "Merged", "Related", "black list", "blocked"),
    *("Party has no", "Credentials", "Factor", "https URL", "list of uuid", "password", "RELATED"),
    *(
        "confirmed death",
        "no unverified record",
        "tax ID can not be changed",
        "trusted patient information",
        "invalid e-mail",
    ),
    *(
        "the wanted one",
        "given more than once",
        "a year of four digits",
    ),  # of our own pages; of programs that ask by hand
)
SHARED = sorted(
    {
        text
        for folder in (*(CENTRAL / name for name in OTHERS), Path(esoz.kernel.__file__).parent)
        for text in sentences(folder)
        if not any(word in text for word in NOT_TOLD_HERE)
    }
)


def test_the_sentences_of_central_were_found() -> None:
    assert len(RECORDS) > 20 and len(PRESCRIPTIONS) > 40 and len(SHARED) > 60


@pytest.mark.parametrize(
    "text", [*SHARED, "The place must be in Ukraine", "latitude and longitude are exchanged", "can't be blank"]
)
def test_a_sentence_of_what_all_share_is_explained_by_its_words(text: str) -> None:
    [explanation] = EXPLANATIONS.of(CentralRefused(422, "validation_failed", "", [Fault("$.x", "no such rule", text)]))
    assert explanation.known and explanation.advice, text


@pytest.mark.parametrize("limit", [*_LIMITS.values(), "the value to be <= {}"])
def test_a_limit_of_the_schema_is_told(limit: str) -> None:
    told = f"expected {limit.format('17.5')}"
    [explanation] = EXPLANATIONS.of(CentralRefused(422, "validation_failed", "", [Fault("$.x", "number", told)]))
    assert "17.5" in explanation.filled(explanation.text)


def test_a_fault_that_no_field_shows_names_its_place() -> None:
    fault = Fault("$.conditions[1].onset_date", "date", "expected a valid date")
    [explanation] = EXPLANATIONS.of(CentralRefused(422, "validation_failed", "", [fault]))
    assert explanation.told(str) == "Діагноз 2, Коли почалося: Дату записано неправильно."


NO_FIELDS = {"id", "status", "system", "type", "unit", "category", "categories", "primary_source"}


def documents_of_ours() -> set[str]:
    """Members of documents that this workplace sends: literal ones of its wire rooms."""
    found: set[str] = set()
    for file in Path(esoz.mis.__file__).parent.rglob("wire.py"):
        if not {"help", "passkeys"} & set(file.parts):
            nodes = [node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Dict)]
            found |= {str(key.value) for node in nodes for key in node.keys if isinstance(key, ast.Constant)}
    return found


def test_a_member_of_our_documents_has_words() -> None:
    """Those apart that a person does not fill in: ids, codings, marks of the envelope."""
    assert documents_of_ours() - FIELDS.keys() - NO_FIELDS == set()


@pytest.mark.parametrize("text", PRESCRIPTIONS)
def test_a_sentence_of_prescriptions_is_explained_by_its_words(text: str) -> None:
    [explanation] = EXPLANATIONS.of(CentralRefused(422, "no such type", text))
    assert explanation.known and explanation.advice, text


@pytest.mark.parametrize("text", RECORDS)
def test_a_sentence_of_records_is_explained_by_its_words(text: str) -> None:
    [explanation] = EXPLANATIONS.of(CentralRefused(422, "validation_failed", "", [Fault("$.x", "no such rule", text)]))
    assert explanation.known, text
    assert explanation.advice


@pytest.mark.parametrize(
    "text",
    [
        "This API method returns only exact match results, please retry with more specific search result",
        "Your scope does not allow to access this resource. Missing allowances: person:read",
        "API-KEY header required.",
        "Does not match the signer drfo",
        "Not a base64 string",
        "document must contain 1 signature and 0 stamps but contains 2 signatures and 0 stamps",
        "Signed content is not a valid JSON",
        "Value R99X not found in the dictionary eHealth/ICPC2/condition_codes",
        "Managing_organization does not correspond to user`s legal_entity",
        "Person is not active",
        "Preperson is not active",
        "Preperson with such external_id already exists",
        "Preperson has records that are not processed yet, please try later",
        "Records of the preperson are stored for the person already",
        "Invalid merge request status",
    ],
)
def test_a_published_sentence_is_explained_by_its_words(text: str) -> None:
    [explanation] = EXPLANATIONS.of(CentralRefused(409, "no such type", text))
    assert explanation.known


@pytest.mark.parametrize(
    "type",
    [
        "access_denied",
        "forbidden",
        "not_found",
        "request_conflict",
        "validation_failed",
        "too_many_results",
        "internal_error",
        "request_malformed",
        "content_type_invalid",
        "request_too_large",
        "object_already_exists",
    ],
)
def test_a_published_type_has_words(type: str) -> None:
    assert all(BY_TYPE[type])


def test_the_published_rules_have_words() -> None:
    published = {
        "cast",
        "required",
        "format",
        "inclusion",
        "exclusion",
        "subset",
        "length",
        "number",
        "confirmation",
        "acceptance",
        "email",
        "phone_number",
        "unique",
        "schema",
        "schemata",
        "dependency",
        "json",
        "date",
        "datetime",
        "url",
        "authentification_code",
    }
    assert published <= set(BY_RULE)


def test_an_unknown_refusal_shows_the_original_and_whom_to_call() -> None:
    [explanation] = EXPLANATIONS.of(CentralRefused(418, "teapot", "I am a teapot", request_id="r-7"))
    assert (explanation.text, explanation.advice, explanation.original) == (UNKNOWN, CALL, "I am a teapot")
    assert explanation.code == "418 teapot"
    assert not explanation.known


def test_values_of_the_original_stand_in_the_explanation() -> None:
    words = "Value R99X not found in the dictionary eHealth/ICPC2/condition_codes"
    [explanation] = EXPLANATIONS.of(CentralRefused(422, "validation_failed", "", [Fault("$.c", "inclusion", words)]))
    assert "eHealth/ICPC2/condition_codes" in explanation.filled(explanation.text)


def test_faults_go_to_their_fields_with_numbers_forgiven() -> None:
    refused = CentralRefused(
        422, "validation_failed", "", [Fault("$.conditions[3].code", "required", ""), Fault("$.other", "required", "")]
    )
    found = EXPLANATIONS.at_fields(refused, {"$.conditions[].code": "diagnosis"}, str)
    assert set(found) == {"diagnosis", ""}


# SG-6
def test_another_surname_in_the_key_then_the_sentence_shows_both() -> None:
    error = {
        "type": "validation_failed",
        "invalid": [
            {
                "entry": "$.signed_medication_dispense",
                "rules": [
                    {
                        "rule": "invalid",
                        "description": "Does not match the signer last name",
                        "params": ["Інакша", "Коваль"],
                    }
                ],
            }
        ],
    }
    [explanation] = EXPLANATIONS.of(CentralRefused.from_error(422, error))
    assert explanation.filled(explanation.text) == "Прізвище в підписі – «Інакша», а в ЕСОЗ – «Коваль»."
    assert explanation.filled(explanation.advice) == explanation.advice


def test_the_same_without_parameters_then_the_sentence_without_names() -> None:
    words = "Does not match the signer last name"
    [explanation] = EXPLANATIONS.of(CentralRefused(422, "validation_failed", "", [Fault("$.x", "invalid", words)]))
    assert explanation.filled(explanation.text) == "Прізвище в підписі не збігається з Вашим прізвищем в ЕСОЗ."
