"""Medical conclusions as published; what is signed is kept to the letter and compared in content.py."""

import html
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from esoz.central.dictionaries import dictionaries
from esoz.kernel import jobs
from esoz.kernel.clock import kyiv_date
from esoz.kernel.errors import rejected
from esoz.kernel.fhir import concept, reference, words_of
from esoz.kernel.operation import File, Reply
from esoz.kernel.payload import JSON, without_nulls
from esoz.spec.compositions import Configuration

from .model import Composition
from .model.configurations import REGISTER, SINCE

CERTIFICATE = "INFO_CERTIFICATE"
INCAPACITY = "TEMPORARY_DISABILITY"
OF_ILLNESS = frozenset({"11348-0", "29548-5"})  # sections with what somebody is ill with
TYPES, CATEGORIES, SECTIONS = "COMPOSITION_TYPES", "COMPOSITION_CATEGORIES", "COMPOSITION_SECTION_CODES"


def accepted(job: jobs.Job) -> Reply:
    """202 and where to ask how it went."""
    link = {"entity": "job", "href": f"/jobs/{job.id}"}
    return Reply({"status": job.status, "eta": job.eta, "links": [link]}, status=202)


def short(found: Composition) -> JSON:
    """A conclusion as lists show it."""
    content = found.content
    return {
        "id": found.id,
        "status": found.status,
        "type": content["type"],
        "category": content["category"],
        "date": content["date"],
        "title": found.title,
        "encounter": _named(found, content["encounter"]),
        "custodian": _named(found, content["custodian"]),
        "author": _named(found, content["author"]),
        "attester": [{**each, "party": _named(found, each["party"])} for each in content["attester"]],
        "context_episode_id": str(found.episode_id),
        **_beyond(found),
    }


def _beyond(found: Composition) -> JSON:
    """Beyond the publication: who writes the next conclusion must know the days of those before, and what goes on."""
    told: JSON = {name: found.content[name] for name in ("event",) if found.content.get(name)}
    relations = [_relation(found, each) for each in found.content.get("relates_to") or ()]
    return told | ({"relates_to": relations} if relations else {})


def shown(found: Composition) -> JSON:
    """A conclusion in full: published with other spellings than the signed document has."""
    content = found.content
    reason = found.status_reason
    whole = {
        **short(found),
        "section": [_section(found, each) for each in content["section"]],
        "extension": [_camel(each) for each in content.get("extension") or ()] or None,
        "inform_with": found.inform_with,
        "status_reason": (reason.text or _words(reason.system, reason.code)) if reason else None,
        "explanatory_letter": found.explanatory_letter,
        "inserted_at": found.inserted_at,
        "updated_at": found.updated_at,
    }
    plain: JSON = without_nulls(msgspec.to_builtins(whole))
    return plain


def _named(found: Composition, node: Mapping[str, Any]) -> Mapping[str, Any]:
    identifier = node["identifier"]
    kind = ((identifier.get("type") or {}).get("coding") or [{}])[0].get("code", "")
    word = found.word(kind, identifier["value"])
    named = {**identifier, "type": {"text": word, **(identifier.get("type") or {})}}
    return {"identifier": named, "display_value": word}


def _section(found: Composition, section: Mapping[str, Any]) -> Mapping[str, Any]:
    whole = {**section, "author": [_named(found, each)["identifier"] for each in section["author"]]}
    whole["entry"] = [_named(found, each) for each in section.get("entry") or ()]
    if section.get("empty_reason") is not None:
        whole["empty_reason"] = [section["empty_reason"]]
    return whole


def _relation(found: Composition, relation: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**_named(found, relation["resource_reference"]), "type": relation["type"]}


def _camel(extension: Mapping[str, Any]) -> Mapping[str, Any]:
    """Answers spell extensions as FHIR does, and put codings one step deeper than the signed document."""
    value = extension["value_codeable_concept"]
    return {
        **({"code": extension["code"]} if extension.get("code") else {}),
        "valueCodeableConcept": {
            "code": {"coding": value.get("coding") or []},
            "extension": [_inner(each) for each in value["extension"]],
        },
    }


def _inner(part: Mapping[str, Any]) -> Mapping[str, Any]:
    if "value_decimal" in part:
        return {"code": part["code"], "valueDecimal": part["value_decimal"]}
    return {"code": part["code"], "valueCodeableConcept": {"code": part.get("value_codeable_concept") or {}}}


def context(found: Composition, episode: str | None) -> JSON:
    """What one asks an approval for."""
    if episode is None:
        return {}
    held: JSON = {"episode": msgspec.to_builtins(reference("episode", found.episode_id, episode))}
    return held


def configuration(found: Configuration) -> JSON:
    """A kind of conclusions; its rules are a text of JSON, as published."""
    return {
        "id": found.id,
        "type": msgspec.to_builtins(concept(TYPES, found.type)),
        "category": msgspec.to_builtins(concept(CATEGORIES, found.category)),
        "is_active": found.is_active,
        "settings": msgspec.json.encode(found.settings).decode(),
        "inserted_at": SINCE,
        "inserted_by": REGISTER,
        "updated_at": SINCE,
        "updated_by": REGISTER,
    }


def must_be_certificate(form_type: str) -> None:
    """Only one form is published. Raises Rejected."""
    if form_type != CERTIFICATE:
        raise rejected("$.form_type", "value is not allowed in enum", rule="inclusion")


def must_be_of_path(id: UUID, path: UUID) -> None:
    """The publication asks for the id twice. Raises Rejected when the two differ."""
    if id != path:
        raise rejected("$.composition_id", "Must be the composition of the path")


def print_form(found: Composition) -> File:
    """The information certificate: a page that is read on paper."""
    rows = [
        ("Номер", f"<strong>{found.title}</strong>"),
        ("Стан", "Чинний" if found.stands else "Скасовано: внесений помилково"),
        ("Вид", html.escape(_words(CATEGORIES, found.category))),
        ("Дата", f"{kyiv_date(found.date):%d.%m.%Y}"),
        ("Строк дії", _days(found)),
        ("Заклад", html.escape(found.word("legal_entity", found.custodian_id))),
        ("Автор", html.escape(found.word("employee", found.author_id))),
        *_parts(found, found.content["section"]),
    ]
    body = "".join(f'<tr><th scope="row">{name}</th><td>{value}</td></tr>' for name, value in rows if value)
    title = html.escape(_words(TYPES, found.type))
    page = (
        f'<!DOCTYPE html><html lang="uk"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><h1>{title}</h1><table>{body}</table></body></html>"
    )
    return File(page.encode(), "text/html; charset=utf-8", f"composition-{found.title}.html")


def _days(found: Composition) -> str:
    if found.valid_from is None or found.valid_to is None:
        return ""
    return f"з {found.valid_from:%d.%m.%Y} до {found.valid_to:%d.%m.%Y} включно"


def _parts(found: Composition, sections: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Sections at every depth: their words, and what they point at by the words of the registers."""
    for each in sections:
        if _is_secret(found, each):
            continue
        lines = words_of((each.get("text") or {}).get("div", ""))
        lines += [_named(found, entry)["display_value"] for entry in each.get("entry") or ()]
        yield html.escape(str(each.get("title", ""))), "<br>".join(html.escape(line) for line in lines if line)
        yield from _parts(found, each.get("section") or ())


def _is_secret(found: Composition, section: Mapping[str, Any]) -> bool:
    """CM-14: an employer reads the certificate of temporary incapacity, so it has no diagnosis."""
    codings = section["code"].get("coding") or ()
    return found.type == INCAPACITY and any(each.get("code") in OF_ILLNESS for each in codings)


def _words(dictionary: str, code: str) -> str:
    return dictionaries.describe(dictionary, code) or code
