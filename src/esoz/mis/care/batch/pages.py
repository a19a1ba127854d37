"""Pages of signing everything: one by one from the browser's signer, or all that was uploaded or signed in Diia."""

from collections.abc import Mapping, Sequence

from starlette.responses import Response

from esoz.kernel.errors import Problem, Rejected
from esoz.kernel.pages import mark as _
from esoz.mis.base.journal import record
from esoz.mis.base.patient import Patient
from esoz.mis.base.section import Section
from esoz.mis.base.services import MisPage, MisPages
from esoz.mis.base.workplace import MEDICAL, PRESCRIBING
from esoz.mis.care.prescriptions import State as RxState
from esoz.mis.documents import sync
from esoz.mis.documents.signing import receive_signed, receive_some
from esoz.sdk import CentralError

from . import commands
from .commands import Outcome
from .queries import Item, waiting, waiting_of

pages: MisPages = MisPages()

DONE = "batch"  # where the session keeps what came of the last batch
NOTHING = _("Немає записів і рецептів, що очікують Вашого підпису.")
NOT_NOW = _("Рецепти очікують підпису, але ЕСОЗ зараз не відповідає. Повторіть за хвилину або відкрийте рецепт.")
NOT_SIGNED = _("Не підписано: файлу з підписом не було.")
LATER = _("ЕСОЗ не відповідає. Підпишіть ще раз за хвилину.")


@pages.add("GET /sign-all", roles=MEDICAL)
async def sign_all_form(page: MisPage) -> Response:
    return await _shown(page, await waiting(page))


@pages.add("GET /patients/{id}/sign-all", roles=PRESCRIBING)
async def sign_all_of_patient(page: MisPage) -> Response:
    """The prescriptions of one patient: several medicines of a visit under one opening of the key."""
    return await _shown(page, await waiting_of(page, page.id()))


async def _shown(page: MisPage, items: Sequence[Item]) -> Response:
    for item in items:
        await record(page, sync.Event.READ, item.id, patient_id=item.patient.id)
    return await _form(page, items, {})


async def _form(page: MisPage, items: Sequence[Item], errors: Mapping[str, str]) -> Response:
    left = max(await sync.to_sign(page) - len(items), 0)
    if not items:
        page.flash(page.gettext(NOT_NOW if left else NOTHING), "important")
        return page.redirect(_back(page) or "/sync")
    lines = [
        {
            "content": item.content,
            "name": item.file_name,
            "address": f"/sign-all/{item.key}",
            "result": f"result-{number}",
        }
        for number, item in enumerate(items, 1)
    ]
    return page.render(
        "batch/sign.html",
        status=422 if errors else 200,
        keep=False,
        items=items,
        lines=lines,
        left=left,
        errors=errors,
        back=_back(page),
    )


def _back(page: MisPage) -> str:
    """Where prescriptions of one patient stand, with the note of each; empty when everything is signed."""
    return "" if page.path == "/sign-all" else page.path.replace("/sign-all", "/prescriptions")


@pages.add("POST /sign-all/documents/{id}", roles=MEDICAL)
async def sign_document(page: MisPage) -> Response:
    """One record, from the browser's signer; answered as JSON."""
    document = await commands.find_document(page, page.id())
    if document.state is not sync.State.READY or document.content is None:
        return _result(page, commands.outcome_of_document(document))
    try:
        signed = await receive_signed(page, document.content)
    except Rejected as problem:
        return _result(page, commands.fault(problem))
    return _result(page, await commands.sign_document(page, document, signed))


@pages.add("POST /sign-all/prescriptions/{id}", roles=PRESCRIBING)
async def sign_prescription(page: MisPage) -> Response:
    """One prescription, from the browser's signer; answered as JSON."""
    rx = await commands.find_prescription(page, page.id())
    if rx.state is not RxState.MADE or rx.content is None:
        return _result(page, commands.outcome_of(rx))
    try:
        signed = await receive_signed(page, rx.content)
        outcome = await commands.sign_prescription(page, rx, signed)
    except Rejected as problem:
        outcome = commands.fault(problem)
    except CentralError:
        outcome = Outcome(False, LATER)
    return _result(page, outcome)


def _result(page: MisPage, outcome: Outcome) -> Response:
    return page.json({"done": outcome.done, "text": page.gettext(outcome.text)})


@pages.add("POST /sign-all", roles=MEDICAL)
async def sign_all(page: MisPage) -> Response:
    """All signatures at once: uploaded files, or what Diia brought. Each is taken by itself."""
    return await _signed(page, await waiting(page))


@pages.add("POST /patients/{id}/sign-all", roles=PRESCRIBING)
async def sign_several_of_patient(page: MisPage) -> Response:
    return await _signed(page, await waiting_of(page, page.id()))


async def _signed(page: MisPage, items: Sequence[Item]) -> Response:
    try:
        signed = await receive_some(page, [item.content for item in items])
    except Rejected as problem:
        texts = " ".join(page.gettext(each.description) for each in problem.invalid)
        return await _form(page, items, {"signed_file": texts})
    results = [(item, await _take(page, item, signed.get(item.content))) for item in items]
    rows = [[_title(page, item), _name(item.patient), outcome.done, outcome.text] for item, outcome in results]
    page.session.put(DONE, rows)
    return page.redirect("/sign-all/done")


async def _take(page: MisPage, item: Item, signed: bytes | None) -> Outcome:
    """One of the batch: what fails takes nothing of the others with it."""
    if signed is None:
        return Outcome(False, NOT_SIGNED)
    try:
        async with page.db.transaction():
            if item.document:
                return await commands.sign_document(page, item.document, signed)
            rx = await commands.find_prescription(page, item.id)
            return await commands.sign_prescription(page, rx, signed)
    except CentralError:
        return Outcome(False, LATER)
    except Problem as problem:
        return commands.fault(problem)


def _title(page: MisPage, item: Item) -> str:
    if item.document:
        return f"{page.gettext(item.document.title)} {item.document.code}".strip()
    return item.rx.drug.name if item.rx else ""


def _name(patient: Patient) -> str:
    return " ".join(part for part in (patient.last_name, patient.first_name, patient.second_name) if part)


@pages.add("GET /sign-all/done", roles=MEDICAL)
async def done(page: MisPage) -> Response:
    """What came of the last batch, line by line."""
    rows = page.session.data.get(DONE)
    if not isinstance(rows, list):
        return page.redirect("/sync")
    signed = sum(1 for row in rows if row[2])
    return page.render("batch/done.html", rows=rows, signed=signed, left=await sync.to_sign(page))


section = Section("batch", pages)
