"""What people see of the trust centre: what it is, the register, and under operator sign-in the forms of its acts."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import TypeAlias, TypeVar
from uuid import UUID

from starlette.responses import Response

from esoz.kernel import audit
from esoz.kernel.clock import KYIV
from esoz.kernel.db import Connection, as_model
from esoz.kernel.errors import Rejected, rejected
from esoz.kernel.pages import NavItem, Pages, faults
from esoz.kernel.pages import Page as KitPage
from esoz.kernel.pages.translations import mark as _
from esoz.kernel.work import Actor, Work
from esoz.signature import Certificate

from . import commands, store
from .api import OPERATOR, CentreGear, OperatorGate
from .centre import Centre
from .commands import CertificateOrder
from .model import Event, Family, Identity, KeyFormat, Reason, Record, Status

FAMILIES = (
    (Family.GOST, _("ДСТУ 4145 з ГОСТ 34.311")),
    (Family.KUPYNA, _("ДСТУ 4145 з «Купиною»")),
    (Family.ECDSA, _("ECDSA з SHA-256")),
)
STATUSES = (
    ("valid", _("чинний"), "green"),
    ("suspended", _("призупинений"), "yellow"),
    ("revoked", _("скасований"), "red"),
    ("expired", _("строк закінчився"), "grey"),
    ("not_yet_valid", _("ще не діє"), "blue"),
)
REASONS = (
    (Reason.UNSPECIFIED, _("без пояснення")),
    (Reason.KEY_COMPROMISE, _("ключ міг потрапити до чужих рук")),
    (Reason.AFFILIATION_CHANGED, _("змінилися дані власника або місце роботи")),
    (Reason.SUPERSEDED, _("замінено новим")),
    (Reason.CESSATION, _("більше не потрібен")),
    (Reason.WITHDRAWN, _("позбавлено повноважень")),
    (Reason.HOLD, _("призупинити: можна буде поновити")),
)
FORMATS = (
    (KeyFormat.JKS, "JKS", _("як у ПриватБанку, із сертифікатами")),
    (KeyFormat.PKCS12, "PKCS#12 (.p12)", _("з алгоритмами родини, із сертифікатами")),
    (KeyFormat.KEY6, "Key-6.dat", _("сертифіката всередині немає: його завантажте окремо")),
)
WRONG_KEY = _("Ключ оператора неправильний.")
REVOKED = _("Сертифікат скасовано. Служба OCSP і списки відкликаних уже про це знають.")
SUSPENDED = _("Сертифікат призупинено. Служба OCSP і списки відкликаних уже про це знають.")
RESTORED = _("Сертифікат знову чинний.")
TWIN = _("Випущено сертифікат того самого ключа, строк дії якого вже минув.")
CHOOSE = _("Оберіть варіант зі списку.")
NO_FILE = _("Додайте файл запиту на сертифікат.")
ENROLLED = _("Сертифікат випущено.")


@dataclass(frozen=True, slots=True)
class Services:
    """What the pages work with."""

    dependencies: CentreGear
    gate: OperatorGate
    in_sandbox: bool

    @property
    def centre(self) -> Centre:
        return self.dependencies.centre


@dataclass(frozen=True, slots=True)
class Operator:
    """Who shows the key is the operator; there are no others."""

    name: str = "Оператор"
    organisation: str = ""
    roles: frozenset[str] = field(default_factory=frozenset)


Choice = TypeVar("Choice", Family, KeyFormat, Reason)
Page: TypeAlias = KitPage[Services, Operator]
pages: Pages[Services, Operator] = Pages()


async def load_operator(db: Connection, user_id: UUID) -> Operator | None:
    return Operator() if user_id == OPERATOR else None


def navigation(page: Page) -> Sequence[NavItem]:
    last = (_("Видати ключ"), "/issue") if page.visitor else (_("Вхід оператора"), "/sign-in")
    links = ((_("Реєстр сертифікатів"), "/"), (_("Як користуватися"), "/about"), last)
    return [NavItem(page.gettext(text), href) for text, href in links]


@asynccontextmanager
async def working(page: Page, operation: str) -> AsyncIterator[Work]:
    """Work of a page's act, audited in the page's transaction."""
    work = Work(Actor(user_id=OPERATOR if page.visitor else None), page.now, page.db, page.services.dependencies)
    yield work
    if work.recorded:
        about = audit.AuditContext(page.now, page.request_id, operation, work.actor)
        await audit.write(page.db, about, work.recorded)


def _words(page: Page) -> dict[str, object]:
    """Codes with their words in the language of the page: for choices and for what is shown."""
    say = page.gettext
    return {
        "families": [(code, say(text)) for code, text in FAMILIES],
        "statuses": {code: (say(text), colour) for code, text, colour in STATUSES},
        "status_choices": [(code, say(text)) for code, text, _colour in STATUSES],
        "reasons": [(code, say(text)) for code, text in REASONS],
        "formats": [(code, name, say(hint)) for code, name, hint in FORMATS],
    }


@pages.add("GET /", public=True)
async def register(page: Page) -> Response:
    query = {name: page.query.get(name, "").strip()[:200] for name in ("search", "family", "status")}
    criteria = store.SearchCriteria(query["search"], query["family"], query["status"])
    found = await store.search(page.db, criteria, page.list_page(), page.now)
    records = [as_model(Record, row) for row in found.rows]
    return page.render("register.html", found=found, records=records, values=query, words=_words(page))


@pages.add("GET /about", public=True)
async def about(page: Page) -> Response:
    return page.render("about.html", centre=page.services.centre, words=_words(page))


@pages.add("GET /view/{id}", public=True)
async def view(page: Page) -> Response:
    async with working(page, "GET /view/{id}") as work:
        record = await commands.find(work, page.id())
    return page.render(
        "certificate.html",
        record=record,
        certificate=Certificate.parse(record.content),
        addresses=page.services.centre.addresses,
        errors={},
        words=_words(page),
    )


@pages.add("GET /view/{id}/certificate", public=True)
async def download(page: Page) -> Response:
    """This very certificate; by the identifier of its key the newest one of that key is found."""
    async with working(page, "GET /view/{id}/certificate") as work:
        record = await commands.find(work, page.id())
    return page.download(record.content, f"{record.serial_number}.cer", "application/pkix-cert")


@pages.add("GET /sign-in", public=True)
async def sign_in_form(page: Page) -> Response:
    return page.render("sign_in.html", errors={}, in_sandbox=page.services.in_sandbox)


@pages.add("POST /sign-in", public=True)
async def sign_in(page: Page) -> Response:
    if not page.services.gate.knows(page.form.raw("key").strip()):
        errors = {"key": WRONG_KEY}
        return page.refuse("sign_in.html", status=403, keep=False, errors=errors, in_sandbox=page.services.in_sandbox)
    async with working(page, "POST /sign-in") as work:
        work.record(Event.SIGNED_IN, OPERATOR)
    page.sign_in(OPERATOR)
    return page.redirect(page.next_path())


@pages.add("POST /sign-out", public=True)
async def sign_out(page: Page) -> Response:
    async with working(page, "POST /sign-out") as work:
        work.record(Event.SIGNED_OUT, OPERATOR)
    page.sign_out()
    return page.redirect("/")


@pages.add("GET /issue", signed_in=True)
async def issue_form(page: Page) -> Response:
    values = {"family": Family.GOST, "format": KeyFormat.JKS, "holder": "person"}
    return page.render("issue.html", values=values, errors={}, words=_words(page))


@pages.add("POST /issue", signed_in=True)
async def issue(page: Page) -> Response:
    """The key file itself is the answer; nobody can have it a second time, for the centre does not keep it."""
    form = page.form
    try:
        chosen = _chosen(KeyFormat, "format", form.text("format"))
        async with working(page, "POST /issue") as work:
            record, issued = await commands.issue(work, page.services.centre, _order(page))
            content = await asyncio.to_thread(commands.key_file, issued, chosen, form.raw("password"))
    except Rejected as problem:
        errors = _errors(problem)
        return page.refuse("issue.html", keep=False, values=form.values(), errors=errors, words=_words(page))
    stem, _dot, suffix = chosen.file_name.rpartition(".")
    return page.download(content, f"{stem}-{record.serial_number[-8:]}.{suffix}")


@pages.add("GET /enrol", signed_in=True)
async def enrol_form(page: Page) -> Response:
    return page.render("enrol.html", values={"family": Family.GOST, "holder": "person"}, errors={}, words=_words(page))


@pages.add("POST /enrol", signed_in=True)
async def enrol(page: Page) -> Response:
    file = page.form.file("request")
    try:
        if file is None:
            raise rejected("$.request", NO_FILE)
        text = file.content.decode() if file.content.startswith(b"-----BEGIN") else b64encode(file.content).decode()
        async with working(page, "POST /enrol") as work:
            record = await commands.enrol(work, page.services.centre, _order(page), text)
    except Rejected as problem:
        errors = _errors(problem)
        return page.refuse("enrol.html", keep=False, values=page.form.values(), errors=errors, words=_words(page))
    page.flash(ENROLLED)
    return page.redirect(f"/view/{record.id}")


def _errors(problem: Rejected) -> dict[str, str]:
    return {name.removeprefix("identity."): text for name, text in faults(problem).items()}


def _order(page: Page) -> CertificateOrder:
    form = page.form
    texts = {name: form.text(name) for name in Identity.__struct_fields__ if name != "is_seal"}
    begins, ends = (_moment(page, name) for name in ("valid_from", "valid_to"))
    family = _chosen(Family, "family", form.text("family"))
    identity = Identity(**texts, is_seal=form.text("holder") == "seal")
    return CertificateOrder(family=family, identity=identity, valid_from=begins, valid_to=ends)


def _moment(page: Page, name: str) -> datetime | None:
    """A day of the form: a term begins with its first day and ends with its last one, in Kyiv."""
    day = page.form.date(name)
    if day is None:
        return None
    if name == "valid_to":
        day += timedelta(days=1)
    return datetime.combine(day, time(), KYIV)


def _chosen(kind: type[Choice], name: str, text: str) -> Choice:
    try:
        return kind(text)
    except ValueError as fault:
        raise rejected(f"$.{name}", CHOOSE) from fault


@pages.add("POST /view/{id}/revoke", signed_in=True)
async def revoke(page: Page) -> Response:
    reason = _chosen(Reason, "reason", page.form.text("reason"))
    async with working(page, "POST /view/{id}/revoke") as work:
        record = await commands.revoke(work, page.services.centre, page.id(), reason)
    page.flash(SUSPENDED if record.status is Status.SUSPENDED else REVOKED)
    return page.redirect(f"/view/{record.id}")


@pages.add("POST /view/{id}/restore", signed_in=True)
async def restore(page: Page) -> Response:
    async with working(page, "POST /view/{id}/restore") as work:
        record = await commands.restore(work, page.services.centre, page.id())
    page.flash(RESTORED)
    return page.redirect(f"/view/{record.id}")


@pages.add("POST /view/{id}/expire", signed_in=True)
async def expire(page: Page) -> Response:
    async with working(page, "POST /view/{id}/expire") as work:
        record = await commands.expire(work, page.services.centre, page.id(), seconds=0)
    page.flash(TWIN)
    return page.redirect(f"/view/{record.id}")
