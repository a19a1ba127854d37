"""Administrators' pages of legal entities: verified, suspended, merged by the НСЗУ (LE-17, LE-18, LE-20)."""

import base64
from collections.abc import Mapping
from uuid import UUID

import msgspec
from starlette.responses import Response

from esoz.central import identity, organisations, registration
from esoz.central.organisations import LICENSE_TYPES, LegalEntity, LegalEntityStatus
from esoz.kernel import signing
from esoz.kernel.errors import Conflict, NotFound, Rejected
from esoz.kernel.pages import Pages, faults, mark
from esoz.kernel.work import Work

from .frame import CentralServices, Page, Visitor, working
from .lists import query_choice, query_text

pages: Pages[CentralServices, Visitor] = Pages()

ADMINISTRATORS = (identity.ADMINISTRATOR,)
PATH = "/administration/legal-entities"
STATUSES = {  # words and colour of the tag
    LegalEntityStatus.ACTIVE: (mark("Діє"), "green"),
    LegalEntityStatus.SUSPENDED: (mark("Призупинено"), "yellow"),
    LegalEntityStatus.CLOSED: (mark("Закрито"), "grey"),
    LegalEntityStatus.REORGANIZED: (mark("Реорганізовано"), "grey"),
}
TYPES = {
    "PRIMARY_CARE": mark("Первинна допомога"),
    "OUTPATIENT": mark("Спеціалізована допомога"),
    "EMERGENCY": mark("Екстрена допомога"),
    "PHARMACY": mark("Аптека"),
    "MSP": mark("Медичний заклад (старий тип)"),
}
DONE = mark("Рішення записано.")
NOT_NOW = mark("Зараз це неможливо: стан закладу вже інший.")
NO_SUCCESSOR = mark("Введіть код ЄДРПОУ закладу, що діє: 8–10 цифр.")
NOT_MERGEABLE = mark("Ці заклади не можна об’єднати: перевірте їхні типи та стан.")
SIGNATURE = mark("Підпис не прийнято. Потрібен ключ працівника НСЗУ.")
NO_REASON = mark("Введіть підставу: номер і дату рішення.")
MOST_REASON = 500


@pages.add(f"GET {PATH}", roles=ADMINISTRATORS)
async def overview(page: Page) -> Response:
    text, type = query_text(page, "words"), query_choice(page, "type", TYPES)
    status = query_choice(page, "status", set(LegalEntityStatus))
    async with working(page, f"GET {PATH}") as work:
        found = await organisations.search(work, text, type, status, page.list_page())
    return page.render(
        "administration/legal_entities.html",
        found=found,
        values=page.query,
        statuses=STATUSES,
        types=TYPES,
        path=PATH,
        is_filtered=bool(text or type or status),
    )


@pages.add(f"GET {PATH}/{{id}}", roles=ADMINISTRATORS)
async def one(page: Page) -> Response:
    return await _one(page, {})


@pages.add(f"POST {PATH}/{{id}}/decision", roles=ADMINISTRATORS)
async def decide(page: Page) -> Response:
    try:
        async with working(page, f"POST {PATH}/{{id}}/decision") as work:
            await _decide(work, page, page.form.text("decision"))
    except Conflict:
        return await _one(page, {"decision": NOT_NOW})
    page.flash(DONE)
    return page.redirect(f"{PATH}/{page.id()}")


async def _decide(work: Work, page: Page, decision: str) -> None:
    match decision:
        case "verify":
            await organisations.verify_legal_entity(work, page.id())
        case "unverify":
            await organisations.unverify_legal_entity(work, page.id())
        case "suspend":
            await organisations.change_status(work, page.id(), LegalEntityStatus.SUSPENDED)
        case "activate":
            await organisations.change_status(work, page.id(), LegalEntityStatus.ACTIVE)
        case _:
            raise NotFound()


def decisions(entity: LegalEntity) -> list[tuple[str, str]]:
    """What an administrator may do with a legal entity now: the name of the act, and its words."""
    allowed = []
    if entity.acts:
        verified = entity.nhs_verified
        allowed.append(("unverify", mark("Скасувати верифікацію")) if verified else ("verify", mark("Верифікувати")))
        allowed.append(("suspend", mark("Призупинити")))
    elif entity.status is LegalEntityStatus.SUSPENDED:
        allowed.append(("activate", mark("Відновити")))
    return allowed


async def _one(page: Page, errors: Mapping[str, str]) -> Response:
    entity = await organisations.find_legal_entity(page.db, page.id())
    return page.render(
        "administration/legal_entity.html",
        status=409 if errors else 200,
        keep=False,
        entity=entity,
        errors=errors,
        path=PATH,
        statuses=STATUSES,
        types=TYPES,
        decisions=decisions(entity),
        values=page.form.values(),
        may_merge=entity.is_active and entity.status in (LegalEntityStatus.ACTIVE, LegalEntityStatus.SUSPENDED),
    )


@pages.add(f"POST {PATH}/{{id}}/merge", roles=ADMINISTRATORS)
async def prepare(page: Page) -> Response:
    """Show the document that merges this one into the one named by its code: to be signed."""
    source = await organisations.find_legal_entity(page.db, page.id())
    code, reason = page.form.text("edrpou"), page.form.text("reason")
    target = next((each for each in await organisations.with_code(page.db, code) if _fits(source, each)), None)
    errors = {} if target else {"edrpou": NO_SUCCESSOR}
    if not 0 < len(reason) <= MOST_REASON:
        errors["reason"] = NO_REASON
    if target is None or errors:
        return await _one(page, errors)
    content = msgspec.json.encode(
        {
            "merged_from_legal_entity": _named(source),
            "merged_to_legal_entity": _named(target),
            "reason": reason,
        }
    )
    return _signing(page, source, target, content, {})


def _fits(source: LegalEntity, target: LegalEntity) -> bool:
    """Of several with one code, the one of the kind that this may go into."""
    return target.acts and target.id != source.id and LICENSE_TYPES.get(source.type) == LICENSE_TYPES.get(target.type)


def _named(entity: LegalEntity) -> dict[str, str]:
    return {"id": str(entity.id), "name": entity.name, "edrpou": entity.edrpou}


class _Place(msgspec.Struct, frozen=True):
    id: UUID


class _Prepared(msgspec.Struct, frozen=True):
    """What of the document we need before it is checked."""

    merged_to_legal_entity: _Place


@pages.add(f"POST {PATH}/{{id}}/merge/sign", roles=ADMINISTRATORS)
async def merge(page: Page) -> Response:
    try:
        content = base64.b64decode(page.form.text("content"), validate=True)
        target_id = msgspec.json.decode(content, type=_Prepared).merged_to_legal_entity.id
    except ValueError as fault:  # neither base64 nor JSON of this shape
        raise NotFound() from fault
    source = await organisations.find_legal_entity(page.db, page.id())
    target = await organisations.find_legal_entity(page.db, target_id)
    try:
        document = base64.b64encode((await signing.receive(page, [content]))[0]).decode()
        async with working(page, f"POST {PATH}/{{id}}/merge/sign") as work:
            await registration.merge(work, document)
    except Rejected as refusal:
        told_faults = faults(refusal)
        known = SIGNATURE if "signed_content" in told_faults else next(iter(told_faults.values()), SIGNATURE)
        return _signing(page, source, target, content, {"signed_file": known})
    except Conflict:
        return _signing(page, source, target, content, {"signed_file": NOT_MERGEABLE})
    page.flash(DONE)
    return page.redirect(f"{PATH}/{source.id}")


def _signing(
    page: Page, source: LegalEntity, target: LegalEntity, content: bytes, errors: Mapping[str, str]
) -> Response:
    return page.render(
        "administration/merge.html",
        status=422 if errors else 200,
        keep=False,
        source=source,
        target=target,
        content=content,
        errors=errors,
        path=PATH,
    )
