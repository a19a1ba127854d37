"""Every refusal of central that a doctor can meet has words and advice; an unknown one says whom to call."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import esoz.central
from esoz.mis.app import SECTIONS
from esoz.mis.base.explanations import CALL, UNKNOWN
from esoz.mis.link.errors import explanations
from esoz.mis.link.errors.texts import BY_RULE, BY_TYPE
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


def test_the_sentences_of_central_were_found() -> None:
    assert len(RECORDS) > 20 and len(PRESCRIPTIONS) > 40


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
    found = EXPLANATIONS.at_fields(refused, {"$.conditions[].code": "diagnosis"})
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
