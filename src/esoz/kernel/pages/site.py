"""A site of pages: the request pipeline of pages, like kernel.http for operations."""

import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Generic
from urllib.parse import urlencode

import asyncpg
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from .. import envelope, logs
from ..admission import Admission, unlimited
from ..clock import Clock
from ..db import Connection, Database
from ..errors import AccessDenied, Forbidden, NotFound, Problem, TooLarge, Unavailable
from ..metrics import REQUESTS
from ..outages import OUTAGES
from ..router import Match, Router
from ..transaction import retrying
from . import forms, keeping, refusals, security, sessions, templates, translations
from .again import unsent
from .assets import PREFIX, Assets
from .forms import Form
from .own import own_pages
from .page import Page, Profile, Redirect, Refusal, Services, User
from .routes import Handler, Pages, Route
from .security import StaleForm
from .sessions import Session, Why
from .translations import mark as _

__all__ = ["Handler", "Pages", "Route", "Site"]

READS = ("GET", "HEAD")
OVER = {
    Why.IDLE: _("Сеанс завершено, бо Ви довго нічого не робили. Увійдіть ще раз, щоб продовжити роботу."),
    Why.ABSOLUTE: _("Сеанс завершено: минув його найдовший строк. Увійдіть ще раз, щоб продовжити роботу."),
    Why.ELSEWHERE: _(
        "Сеанс завершено з іншого пристрою або після зміни пароля. Увійдіть ще раз, щоб продовжити роботу."
    ),
}
KEPT = _("Введене збережено: після входу форма відкриється заповненою.")
STALE = _("Поки Ви працювали, сеанс змінився. Введене збережено: перевірте його й надішліть форму ще раз.")


class _Refused(Exception):
    """Carries a refusing answer out of the transaction, which is thereby rolled back."""

    def __init__(self, response: Response) -> None:
        self.response = response


@dataclass(slots=True)
class _RequestContext(Generic[Services, User]):
    """What is known about one request at any point."""

    request: Request
    request_id: str
    match: Match[Route[Services, User]] | None = None
    page: Page[Services, User] | None = None
    form: Form | None = None

    @property
    def is_read(self) -> bool:
        return self.request.method in READS

    @property
    def is_asset(self) -> bool:
        return self.is_read and self.request.url.path.startswith(PREFIX)


class Site(Generic[Services, User]):
    """An ASGI application made of pages."""

    def __init__(
        self,
        contexts: Iterable[Iterable[Route[Services, User]]],
        *,
        profile: Profile[Services, User],
        services: Services,
        database: Database,
        clock: Clock,
        assets: Assets | None = None,
    ) -> None:
        """Raises RuntimeError when the browser assets are not built, ValueError when a page is routed twice."""
        self.profile, self.services, self.database, self.clock = profile, services, database, clock
        self.assets = assets or Assets()
        self.admission: Admission = unlimited()  # the process says how many it can serve
        self.environments = templates.environments((profile.package, *profile.below), self.assets)
        self.headers = Headers(security.headers(secure=profile.secure, form_origins=profile.form_origins)).raw
        self.router: Router[Route[Services, User]] = Router()
        own: Pages[Services, User] = own_pages()
        for route in chain(own, *contexts):
            self.router.add(route.method, route.path, route)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, forms.limited(receive, self.profile.max_body))
        context: _RequestContext[Services, User] = _RequestContext(request, str(uuid.uuid4()))
        started = time.perf_counter()
        try:
            response = await self._travel(context)
        except _Refused as refused:
            response = refused.response
        except Problem as problem:
            response = self._refuse(context, problem)
        except ClientDisconnect:
            return
        except Exception as fault:  # noqa: BLE001 the last gate: nothing of the inside is told
            logs.exception("page failed", fault, request_id=context.request_id)
            response = self._refuse(context, Problem())
        if response.status_code >= 400:
            await self._keep_typed(context)
        self._seal(context, response)
        self._note(context, response, time.perf_counter() - started)
        await response(scope, receive, send)

    async def _travel(self, context: _RequestContext[Services, User]) -> Response:
        request, path = context.request, context.request.url.path
        if context.is_asset:
            return self.assets.respond(path, request.headers.get("accept-encoding", ""))
        if "\0" in path or "%00" in request.url.query:
            raise NotFound()
        match = context.match = self.router.match("GET" if context.is_read else request.method, path)
        form = context.form = Form() if context.is_read else await self._form(request)
        self.admission.must_have_room(request.scope)  # a page that refuses a form carries it, so it is read first
        async with self.admission.turn():
            return await retrying(lambda: self._perform(context, match, form))

    async def _form(self, request: Request) -> Form:
        security.must_be_own_page(request.headers, self.profile.base_url)
        declared = request.headers.get("content-length", "0")
        if declared.isascii() and declared.isdigit() and int(declared) > self.profile.max_body:
            raise TooLarge()
        return await forms.read(request)

    async def _perform(
        self, context: _RequestContext[Services, User], match: Match[Route[Services, User]], form: Form
    ) -> Response:
        # A page that only reads needs no transaction: each of its statements stands alone, the audit line too.
        opened = self.database.connection if match.target.reads else self.database.transaction
        async with opened() as db:
            page = context.page = await self._page(context, match, form, db)
            try:
                if not (context.is_read or match.target.machine):
                    security.must_match(page.session.csrf, form.text("csrf"))
                self._must_be_let_in(match.target, page)
                response = await self._handle(match.target, page)
                await keeping.finish(page, response)
            except AccessDenied:
                if refusals.asks_for_json(context.request.headers):
                    raise
                response = self._to_sign_in(page, await keeping.rescue(page))
            except StaleForm:
                response = await self._rescued(page)
            except Problem as problem:
                if not problem.keeps:
                    raise
                response = self._refuse(context, problem)
            _undo_unless_kept(response)
            background = page.request.headers.get("x-background") == "1"
            await sessions.save(db, page.session, page.now, self.profile.terms, background=background)
        return response

    async def _page(
        self, context: _RequestContext[Services, User], match: Match[Route[Services, User]], form: Form, db: Connection
    ) -> Page[Services, User]:
        now, request = self.clock.now(), context.request
        session, user = await self._visitor(db, request.cookies.get(self.profile.cookie, ""), now)
        return Page(
            request=request,
            params=match.params,
            form=form,
            session=session,
            db=db,
            now=now,
            services=self.services,
            visitor=user,
            profile=self.profile,
            environment=self.environments[_language(request, session)],
            request_id=context.request_id,
        )

    async def _visitor(self, db: Connection, cookie: str, now: datetime) -> tuple[Session, User | None]:
        """The browser's session and its user as they are now."""
        profile = self.profile
        if profile.joined_user is None:
            session, _ = await sessions.load(db, cookie, now, profile.terms)
            return session, await profile.load_user(db, session.user_id) if session.user_id else None
        session, rows = await sessions.load(db, cookie, now, profile.terms, profile.joined_user.joined)
        return session, profile.joined_user.read(rows) if session.user_id else None

    def _must_be_let_in(self, route: Route[Services, User], page: Page[Services, User]) -> None:
        if route.public:
            return
        if page.visitor is None:
            raise AccessDenied()
        if route.roles and route.roles.isdisjoint(page.visitor.roles):
            raise Forbidden()

    async def _handle(self, route: Route[Services, User], page: Page[Services, User]) -> Response:
        """Call the handler; a form with a token is performed once, its copies lead where the first one led."""
        token = page.form.text("form_token")[:64]
        if not token:
            return await _call(route, page)
        if not page.session.stored:
            await sessions.store(page.db, page.session, page.now, self.profile.terms)
        owner = replace(page.session)  # the handler may change the session's token
        first, location = await sessions.claim_form(page.db, owner, token)
        if not first:
            return page.redirect(location or "/")
        response = await _call(route, page)
        led = response.headers.get("location") or response.headers.get("hx-redirect")
        await sessions.settle_form(page.db, owner, token, None if page.put_off else led)
        return response

    async def _rescued(self, page: Page[Services, User]) -> Response:
        """A form of an earlier session is shown again as it was filled in, after sign-in. Raises StaleForm."""
        address = await keeping.rescue(page)
        if not address:
            raise StaleForm()
        if page.visitor is None:
            return self._to_sign_in(page, address)
        page.flash(STALE, "important")
        return page.redirect(address)

    def _to_sign_in(self, page: Page[Services, User], kept: str = "") -> Response:
        """To the sign-in page and back; `kept`: the page of a form that was saved."""
        if page.path == self.profile.sign_in:
            raise Forbidden()
        notices = [OVER[page.session.ended]] if page.session.ended else []
        notices += [KEPT] if kept else []
        if notices:
            page.flash(" ".join(page.gettext(text) for text in notices), "important")
        read = page.request.method == "GET" and not page.is_fragment
        back = kept or (page.address if read else "/")
        return page.redirect(f"{self.profile.sign_in}?{urlencode({'next': back})}")

    async def _keep_typed(self, context: _RequestContext[Services, User]) -> None:
        """What a refused form brought stays, though all that its handler wrote was taken back."""
        page = context.page
        if page is None or not keeping.is_to_keep(page):
            return
        try:
            async with self.database.transaction() as page.db:
                await keeping.keep(page)
        except (Unavailable, asyncpg.PostgresError, *OUTAGES) as fault:
            logs.warning("a draft was not kept", fault=type(fault).__name__, request_id=context.request_id)

    def _refuse(self, context: _RequestContext[Services, User], problem: Problem) -> Response:
        """A page that says what happened and what to do next; nothing of the inside. Programs get the envelope."""
        if refusals.asks_for_json(context.request.headers):
            url = f"{self.profile.base_url}{context.request.url.path}"
            body = envelope.failure(problem, url, context.request_id)
            return Refusal(body, problem.status, problem.headers, keep=problem.keeps, media_type="application/json")
        page = context.page
        language = _language(context.request, page.session if page else None)
        html = (
            self.environments[language]
            .get_template("refusal.html")
            .render(
                refusals.explain(problem),
                page=page,
                profile=self.profile,
                request_id=context.request_id,
                unsent=unsent(context.request, context.form) if problem.status == 503 else None,
                is_fragment=context.request.headers.get("hx-request") == "true",
            )
        )
        return Refusal(html, problem.status, problem.headers, keep=problem.keeps)

    def _seal(self, context: _RequestContext[Services, User], response: Response) -> None:
        """Headers of protection, and the session's cookie when the browser has to have it."""
        response.raw_headers.extend(self.headers)
        response.headers["X-Request-ID"] = context.request_id
        if not context.is_asset or response.status_code >= 400:
            response.headers["Cache-Control"] = "no-store"
        session = context.page.session if context.page else None
        if session and session.cookie_due and (session.stored or (session.wanted and response.status_code < 400)):
            response.set_cookie(
                self.profile.cookie, session.token, path="/", httponly=True, samesite="lax", secure=self.profile.secure
            )

    def _note(self, context: _RequestContext[Services, User], response: Response, seconds: float) -> None:
        name = context.match.target.name if context.match else "asset" if context.is_asset else "unknown"
        REQUESTS.labels(name, str(response.status_code)).observe(seconds)
        logs.info(
            "page",
            request_id=context.request_id,
            operation=name,
            method=context.request.method,
            status=response.status_code,
            milliseconds=round(seconds * 1000, 1),
            user_id=context.page.session.user_id if context.page else None,
        )


def _undo_unless_kept(response: Response) -> None:
    """Raise _Refused, which undoes what was written, when the answer is a refusal that does not keep it."""
    if response.status_code < 400:
        return
    if not isinstance(response, Refusal):
        raise TypeError("a page refuses by Page.refuse, which says whether what was written stays")
    if not response.keep:
        raise _Refused(response)


async def _call(route: Route[Services, User], page: Page[Services, User]) -> Response:
    try:
        return await route.handler(page)
    except Redirect as detour:
        page.put_off = not detour.taken
        return page.redirect(detour.path)


def _language(request: Request, session: Session | None) -> str:
    """The language of this request; one asked for in the address is kept in the session."""
    asked = request.query_params.get("lang", "")
    kept = session.text("language") if session else ""
    if session and asked in translations.LANGUAGES and asked != kept:
        session.put("language", asked)
    return translations.choose(asked, kept, request.headers.get("accept-language", ""))
