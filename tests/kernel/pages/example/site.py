"""Pages of the example site."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias
from uuid import UUID

from starlette.responses import Response

from esoz.kernel import signing
from esoz.kernel.clock import Clock
from esoz.kernel.db import Connection, Database, Paged
from esoz.kernel.errors import Conflict, Rejected, rejected
from esoz.kernel.pages import Banner, NavItem, Page, Pages, Profile, Redirect, Site, active_sessions, faults, mark
from esoz.kernel.vault import Vault

DOCTOR_ID = UUID("00000000-0000-7000-8000-000000000001")
CLERK_ID = UUID("00000000-0000-7000-8000-000000000002")
CONTENT = '{"id": "декларація"}'.encode()
CODES = (("R05", "R05 Кашель"), ("R06", "R06 Порушення дихання"), ("A97", "A97 Немає хвороби"))
EMPTY = mark("Введіть прізвище")
STATES = (("Прийнято", "green"), ("Помилка", "red"), ("Очікує", "yellow"), ("Підписано", "blue"))
NAMES = (
    "Шевченко Тарас Григорович",
    "Петренко Пилип Пантелеймонович",
    "Єрмоленко Зінаїда Юхимівна",
    "Ґудзь Омелян Їванович",
)


@dataclass(frozen=True)
class Account:
    """A user of the example."""

    name: str
    roles: frozenset[str]
    organisation: str = ""


@dataclass
class Services:
    """What the example keeps between requests."""

    steps: int = 0
    signed: list[bytes] = field(default_factory=list)


ExamplePage: TypeAlias = Page[Services, Account]
ACCOUNTS = {
    DOCTOR_ID: Account("Ковальчук Ґалина Їжаківна, терапевт", frozenset({"doctor"})),
    CLERK_ID: Account("Бондар Ольга", frozenset({"registrar"}), "Клініка «Ромашка»"),
}
pages: Pages[Services, Account] = Pages()


async def load_user(_db: Connection, user_id: UUID) -> Account | None:
    return ACCOUNTS.get(user_id)


def navigation(page: ExamplePage) -> Sequence[NavItem]:
    if page.visitor is None:
        return []
    return [
        NavItem(page.gettext("Розклад"), "/schedule"),
        NavItem("Пацієнти", "/form"),
        NavItem("Декларації", "/sign"),
        NavItem("Рецепти", "/progress"),
        NavItem("Черга синхронізації", "/queue"),
        NavItem("Звіти", "/parts"),
    ]


@pages.add("GET /", public=True)
async def home(page: ExamplePage) -> Response:
    return page.redirect("/queue") if page.visitor else page.redirect("/sign-in")


@pages.add("GET /sign-in", public=True)
async def sign_in_form(page: ExamplePage) -> Response:
    return page.render("sign_in.html", errors={})


@pages.add("POST /sign-in", public=True)
async def sign_in(page: ExamplePage) -> Response:
    if page.form.raw("password") != "right":
        await page.db.execute("insert into records (text) values ('wrong password')")
        return page.refuse("sign_in.html", errors={"password": "Пароль неправильний"}, keep=True)
    page.sign_in(CLERK_ID if page.form.text("login") == "clerk" else DOCTOR_ID)
    return page.redirect(page.next_path("/queue"))


@pages.add("POST /sign-out", signed_in=True)
async def sign_out(page: ExamplePage) -> Response:
    page.sign_out()
    return page.redirect("/sign-in")


@pages.add("GET /queue", signed_in=True)
async def queue(page: ExamplePage) -> Response:
    asked = page.list_page(12)
    times = ("9:00", "9:05", "9:10", "9:15", "10:20", "10:25", "10:30", "10:35", "11:40", "11:45", "11:50", "11:55")
    codes = ("R05", "A97", "K86", "J06.9")
    rows = [
        {"name": NAMES[n % 4], "code": codes[n % 4], "time": times[n], "state": STATES[n % 4], "id": n}
        for n in range(12)
    ]
    return page.render("queue.html", found=Paged(rows, asked, 24))


@pages.add("GET /form", signed_in=True)
async def form(page: ExamplePage) -> Response:
    return page.render("form.html", values={}, errors={}, options=None)


@pages.add("POST /form", roles={"doctor"})
async def save(page: ExamplePage) -> Response:
    if page.form.text("find"):
        found = [code for code in CODES if page.form.text("code_text").lower() in code[1].lower()]
        return page.render("form.html", values=page.form.values(), errors={}, options=found)
    try:
        if not page.form.text("last_name"):
            raise rejected("$.last_name", EMPTY)
        page.form.date("birth_date")
    except Rejected as problem:
        return page.refuse("form.html", values=page.form.values(), errors=faults(problem), options=None, keep=False)
    await page.db.execute("insert into records (text) values ($1)", page.form.text("last_name"))
    page.flash("Запис збережено")
    return page.redirect("/queue")


@pages.add("GET /codes", signed_in=True)
async def codes(page: ExamplePage) -> Response:
    asked = page.query.get("q", "").lower()
    return page.json([{"value": value, "text": text} for value, text in CODES if asked in text.lower()])


@pages.add("GET /sign", signed_in=True)
async def sign_form(page: ExamplePage) -> Response:
    return page.render("sign.html", errors={})


@pages.add("POST /sign", signed_in=True)
async def sign(page: ExamplePage) -> Response:
    try:
        content = page.form.text("content").encode() or CONTENT
        page.services.signed += await signing.receive(page, [content], tax_id="1234567890")
    except Rejected as problem:
        return page.refuse("sign.html", errors=faults(problem), keep=False)
    return page.redirect("/queue")


@pages.add("GET /progress", signed_in=True)
async def progress(page: ExamplePage) -> Response:
    page.services.steps = 0
    return page.render("progress.html")


@pages.add("GET /progress/state", signed_in=True)
async def progress_state(page: ExamplePage) -> Response:
    page.services.steps += 1
    return page.render("progress_state.html", steps=page.services.steps)


@pages.add("GET /delete", signed_in=True)
async def confirm(page: ExamplePage) -> Response:
    return page.render("confirm.html")


@pages.add("GET /parts", signed_in=True)
async def parts(page: ExamplePage) -> Response:
    return page.render("parts.html")


@pages.add("POST /form/elsewhere", signed_in=True)
async def elsewhere(page: ExamplePage) -> Response:
    raise Redirect("/parts", taken=False)


@pages.add("POST /fail", signed_in=True)
async def fail(page: ExamplePage) -> Response:
    await page.db.execute("insert into records (text) values ('half done')")
    raise Conflict("Декларацію вже розірвано")


@pages.add("POST /refuse/{way}", signed_in=True)
async def refuse(page: ExamplePage) -> Response:
    way = page.params["way"]
    await page.db.execute("insert into records (text) values ($1)", way)
    if way == "bare":
        return Response("no", 403)
    if way == "silent":
        return page.render("parts.html", status=409)
    return page.refuse("parts.html", keep=way == "kept", status=409)


@pages.add("GET /crash", public=True)
async def crash(page: ExamplePage) -> Response:
    raise RuntimeError("secret inside")


@pages.add("GET /download", signed_in=True)
async def download(page: ExamplePage) -> Response:
    return page.download(b"\x00\x01", "довідка.bin")


def profile(base_url: str, ways: signing.Signing | None = None) -> Profile[Services, Account]:
    return Profile(
        key="example",
        package="tests.kernel.pages.example",
        name="ЕСОЗ · Робоче місце лікаря",
        base_url=base_url,
        version="0.1.0",
        load_user=load_user,
        navigation=navigation,
        form_origins=("https://id.example.org",),
        links=lambda page: [NavItem("Обліковий запис", "/account"), NavItem("Мої сеанси", active_sessions.PATH)],
        banners=lambda page: [Banner("Планові роботи о 22:00.", "warning", "/parts", "Докладніше")],
        vault=Vault(b"a secret of the example", "example"),
        signing=ways,
    )


def make(
    database: Database, clock: Clock, base_url: str = "http://127.0.0.1:8499", ways: signing.Signing | None = None
) -> Site[Services, Account]:
    phone: Pages[Services, Account] = signing.routes()
    contexts = [pages, active_sessions.session_pages(), phone]
    return Site(contexts, profile=profile(base_url, ways), services=Services(), database=database, clock=clock)
