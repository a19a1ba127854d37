"""Pages of central's administrators: the register of systems, and blocked users. A second factor stands before them."""

from collections.abc import Mapping

from starlette.responses import Response

from esoz.central import identity, mis_register
from esoz.central.mis_register import PROGRAMME, RegisterFilter, Status
from esoz.kernel.errors import Conflict, NotFound, Rejected
from esoz.kernel.pages import Pages, end_all, mark
from esoz.kernel.work import Work

from .frame import CentralServices, Page, Visitor, working
from .lists import query_choice
from .register import AREAS, STATUSES, filters_of, messages_by_field, read_contacts

pages: Pages[CentralServices, Visitor] = Pages()

ADMINISTRATORS = (identity.ADMINISTRATOR,)
DONE = mark("Рішення записано.")
NOT_PASSED = mark("Не всі випробування пройдено. Запишіть результати або відхиліть заявку.")
NOT_NOW = mark("Зараз це неможливо: стан системи вже інший.")
RESULT_KEPT = mark("Результат випробування записано.")
VERSIONS_KEPT = mark("Версії змінено.")
CONTACTS_KEPT = mark("Контакти змінено.")
USER_BLOCKED = mark("Користувача заблоковано, його сеанси завершено.")
USER_UNBLOCKED = mark("Користувача розблоковано.")
NO_REASON = mark("Поясніть рішення.")


@pages.add("GET /administration", roles=ADMINISTRATORS)
async def overview(page: Page) -> Response:
    filters, order = filters_of(page, Status), query_choice(page, "order", mis_register.ORDERS) or "newest"
    async with working(page, "GET /administration") as work:
        entries, found = await mis_register.applications(work, filters, page.list_page(), order=order)
    return page.render(
        "administration/register.html",
        entries=entries,
        found=found,
        values=page.query,
        statuses=STATUSES,
        areas=AREAS,
        is_filtered=filters != RegisterFilter(),
    )


@pages.add("GET /administration/mis/{id}", roles=ADMINISTRATORS)
async def system(page: Page) -> Response:
    return await _system(page, {})


@pages.add("POST /administration/mis/{id}/tests", roles=ADMINISTRATORS)
async def record_test(page: Page) -> Response:
    passed = page.form.text("passed") == "yes"
    async with working(page, "POST /administration/mis/{id}/tests") as work:
        await mis_register.record_result(
            work, page.id(), page.form.text("test"), passed=passed, note=page.form.text("note")
        )
    page.flash(RESULT_KEPT)
    return page.redirect(f"/administration/mis/{page.id()}")


@pages.add("POST /administration/mis/{id}/contacts", roles=ADMINISTRATORS)
async def change_contacts(page: Page) -> Response:
    try:
        async with working(page, "POST /administration/mis/{id}/contacts") as work:
            await mis_register.change_contacts(work, page.id(), read_contacts(page))
    except Rejected as refusal:
        return await _system(page, messages_by_field(refusal))
    page.flash(CONTACTS_KEPT)
    return page.redirect(f"/administration/mis/{page.id()}")


@pages.add("POST /administration/mis/{id}/versions", roles=ADMINISTRATORS)
async def change_versions(page: Page) -> Response:
    version, oldest = page.form.text("version"), page.form.text("oldest_version")
    try:
        async with working(page, "POST /administration/mis/{id}/versions") as work:
            await mis_register.change_versions(work, page.id(), version, oldest)
    except Rejected as refusal:
        return await _system(page, messages_by_field(refusal))
    page.flash(VERSIONS_KEPT)
    return page.redirect(f"/administration/mis/{page.id()}")


@pages.add("POST /administration/mis/{id}/decision", roles=ADMINISTRATORS)
async def decide(page: Page) -> Response:
    try:
        async with working(page, "POST /administration/mis/{id}/decision") as work:
            keys = await _decide(page, work, page.form.text("decision"), page.form.text("reason"))
    except Rejected as refusal:
        return await _system(page, messages_by_field(refusal))
    except Conflict as refusal:
        fault = NOT_PASSED if refusal.message.startswith("Tests") else NOT_NOW
        return await _system(page, {"reason": fault})
    if keys is not None:
        return page.render("administration/keys.html", keys=keys, id=page.id())
    page.flash(DONE)
    return page.redirect(f"/administration/mis/{page.id()}")


async def _decide(
    page: Page, work: Work, decision: str, reason: str
) -> identity.BrokerKeys | mis_register.Access | None:
    """Carry out what the administrator chose; keys are shown in the answer and nowhere else."""
    mis_id = page.id()
    match decision:
        case "test":
            await mis_register.begin_testing(work, mis_id, reason)
        case "pass":
            await mis_register.pass_tests(work, mis_id, reason)
        case "reject":
            await mis_register.reject(work, mis_id, reason)
        case "connect":
            address = f"{page.profile.base_url}/password/reset"
            return await mis_register.connect(work, mis_id, reason, reset_page=address)
        case "keys":
            return await mis_register.refresh_keys(work, mis_id)
        case "block":
            await mis_register.block(work, mis_id, reason)
        case "unblock":
            await mis_register.unblock(work, mis_id, reason)
        case "disconnect":
            await mis_register.disconnect(work, mis_id, reason)
        case _:
            raise NotFound()
    return None


DECISIONS: Mapping[Status, tuple[tuple[str, str], ...]] = {
    Status.SUBMITTED: (("test", mark("Почати тестування")), ("reject", mark("Відхилити"))),
    Status.TESTING: (("pass", mark("Визнати відповідною")), ("reject", mark("Відхилити"))),
    Status.TESTED: (
        ("connect", mark("Підключити")),
        ("test", mark("Тестувати знову")),
        ("reject", mark("Відхилити")),
    ),
    Status.CONNECTED: (
        ("block", mark("Заблокувати")),
        ("keys", mark("Видати нові ключі")),
        ("disconnect", mark("Відключити")),
    ),
    Status.BLOCKED: (("unblock", mark("Розблокувати")), ("disconnect", mark("Відключити"))),
    Status.DISCONNECTED: (),
    Status.REJECTED: (),
}


async def _system(page: Page, errors: Mapping[str, str]) -> Response:
    async with working(page, "GET /administration/mis/{id}") as work:
        entry, history, results = await mis_register.one(work, page.id())
    contacts = entry.application.contacts
    values = {name: getattr(contacts, name) for name in contacts.__dataclass_fields__}
    values |= {"version": entry.application.version, "oldest_version": entry.oldest_version or ""}
    return page.render(
        "administration/system.html",
        status=422 if errors else 200,
        keep=False,
        entry=entry,
        history=history,
        errors=errors,
        results={result.test: result for result in results},
        statuses=STATUSES,
        areas=AREAS,
        programme=[test for test in PROGRAMME if test.area in ("", *entry.application.areas)],
        decisions=DECISIONS[entry.status],
        values=values | page.form.values(),
    )


@pages.add("GET /administration/users", roles=ADMINISTRATORS)
async def users(page: Page) -> Response:
    return await _users(page, {})


@pages.add("POST /administration/users/{id}/block", roles=ADMINISTRATORS)
async def block_user(page: Page) -> Response:
    reason = page.form.text("reason")
    if not reason:
        return await _users(page, {"reason": NO_REASON})
    async with working(page, "POST /administration/users/{id}/block") as work:
        await identity.block_user(work, page.id(), reason)
    await end_all(page.db, page.id())
    page.flash(USER_BLOCKED)
    return page.redirect("/administration/users")


@pages.add("POST /administration/users/{id}/unblock", roles=ADMINISTRATORS)
async def unblock_user(page: Page) -> Response:
    async with working(page, "POST /administration/users/{id}/unblock") as work:
        await identity.unblock_user(work, page.id())
    page.flash(USER_UNBLOCKED)
    return page.redirect("/administration/users")


async def _users(page: Page, errors: Mapping[str, str]) -> Response:
    """Users are looked for by the beginning of their e-mail; nothing is listed unasked."""
    text = page.query.get("email", "").strip()
    found = None
    if text:
        async with working(page, "GET /administration/users") as work:
            found = await identity.find_users(work, text, page.list_page())
    return page.render(
        "administration/users.html",
        status=422 if errors else 200,
        keep=True,  # that somebody was looked for stays in the audit log
        found=found,
        values={"email": text},
        errors=errors,
    )
