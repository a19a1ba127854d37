"""One request for a page, as its handler sees it."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Generic, Literal, Protocol, TypeVar
from urllib.parse import quote, urlsplit
from uuid import UUID

import msgspec
from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ..clock import kyiv_date
from ..db import Connection, Row
from ..db import Page as ListPage
from ..errors import AccessDenied, NotFound
from ..spelling import composed
from ..vault import Vault
from . import devices, drafts, sessions
from .again import Unsent, unsent
from .forms import Form
from .sessions import FLASHES, Joined, Left, Session, Terms
from .summaries import with_fields_named
from .templates import messages_of, with_query

if TYPE_CHECKING:
    from ..signing.model import Signing

MAX_LIST_PAGE = 100_000


class SignedIn(Protocol):
    """What the frame of a page needs to know of its user."""

    @property
    def name(self) -> str:
        """As shown in the header: «Ковальчук Ґалина Їжаківна, терапевт»."""

    @property
    def organisation(self) -> str:
        """The clinic or pharmacy they work for now; empty for a patient."""

    @property
    def roles(self) -> Collection[str]:
        """Roles by the names that pages ask for."""


Services = TypeVar("Services")
User = TypeVar("User", bound=SignedIn)


@dataclass(frozen=True, slots=True)
class NavItem:
    """A link of the navigation bar; current on its own page and on those below it."""

    text: str
    href: str

    def is_current(self, path: str) -> bool:
        return path == self.href or (self.href != "/" and path.startswith(f"{self.href}/"))


@dataclass(frozen=True, slots=True)
class Banner:
    """What everybody has to know now, on every page, before sign-in too: an incident, planned works, news.

    Texts are in the page's language; `link` is the text of a link that leads to `href`.
    """

    text: str
    severity: Literal["info", "warning", "danger"] = "info"
    href: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class JoinedUser(Generic[User]):
    """How a user is read together with the session. `read`: None of rows of somebody who may not be signed in."""

    joined: Joined
    read: Callable[[Sequence[Row]], User | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile(Generic[Services, User]):
    """What makes one site different from another."""

    key: str  # "mis": names the cookie, so that sites of one host do not share sessions
    package: str  # "esoz.mis": where templates/ and locale/ are
    below: tuple[str, ...] = ()  # packages whose templates and words it has too, where it has none of its own
    name: str  # shown in the header and in every title
    base_url: str
    version: str
    load_user: Callable[[Connection, UUID], Awaitable[User | None]]  # None: no longer allowed to be signed in
    joined_user: JoinedUser[User] | None = None  # reads the user with the session, in the place of `load_user`
    navigation: "Callable[[Page[Services, User]], Sequence[NavItem]]"
    links: "Callable[[Page[Services, User]], Sequence[NavItem]]" = lambda _page: ()  # the menu of the signed-in person
    banners: "Callable[[Page[Services, User]], Sequence[Banner]]" = lambda _page: ()  # above every page
    sign_in: str = "/sign-in"
    sign_out: str = "/sign-out"  # POST
    lock: str = ""  # POST; locks the screen; empty: the site has no such thing
    vault: Vault | None = None  # seals drafts of forms; None: they are not kept
    footer: tuple[NavItem, ...] = ()  # links at the foot of every page, open to everyone
    form_origins: tuple[str, ...] = ()  # other sites a form may lead to: the OAuth server
    terms: Terms = field(default_factory=Terms)
    max_body: int = 10 * 1024 * 1024
    signing: "Signing | None" = None  # None: signed documents are taken as they come

    @property
    def secure(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def cookie(self) -> str:
        return f"{'__Host-' if self.secure else ''}esoz_{self.key}"


class Redirect(Exception):
    """The work goes on at another page of ours: leads there, and what was written stays.

    `taken`: the form that came is taken along; if not, something else must be done first, and it is sent again then.
    """

    def __init__(self, path: str, *, taken: bool = True) -> None:
        self.path, self.taken = path, taken
        super().__init__(path)


class Refusal(Response):
    """A page that says no, the envelope for programs. `keep`: what its handler has written stays."""

    def __init__(
        self,
        content: str | bytes,
        status: int,
        headers: Mapping[str, str] | None = None,
        *,
        keep: bool,
        media_type: str = "text/html",
    ) -> None:
        super().__init__(content, status, headers, media_type)
        self.keep = keep


@dataclass(slots=True)
class Page(Generic[Services, User]):
    """Everything that a handler of a page needs. `db` is inside the request's one transaction."""

    request: Request
    params: Mapping[str, str]
    form: Form
    session: Session
    db: Connection
    now: datetime
    services: Services
    visitor: User | None  # None: nobody is signed in
    profile: Profile[Services, User]
    environment: Environment
    request_id: str
    put_off: bool = False  # something else must be done before the form that came is taken

    @property
    def user(self) -> User:
        """Who is signed in. Raises AccessDenied on a public page when nobody is."""
        if self.visitor is None:
            raise AccessDenied()
        return self.visitor

    @property
    def path(self) -> str:
        return self.request.url.path

    @property
    def query(self) -> Mapping[str, str]:
        return dict(self.query_pairs)

    @property
    def query_pairs(self) -> list[tuple[str, str]]:
        return [(name, composed(value)) for name, value in self.request.query_params.multi_items()]

    @property
    def is_fragment(self) -> bool:
        """htmx asks for a part of the page and not for the whole of it."""
        return self.request.headers.get("hx-request") == "true"

    @property
    def language(self) -> str:
        return str(self.environment.globals["language"])

    @property
    def today(self) -> date:
        """The calendar day in Kyiv."""
        return kyiv_date(self.now)

    @property
    def left(self) -> Left:
        """How long the session still lives."""
        return sessions.left(self.session, self.now, self.profile.terms)

    @property
    def address(self) -> str:
        """Where this page is opened again: itself, or of a sent form the page that the form stands on."""
        if self.request.method == "GET" and not self.is_fragment:
            return with_query(self.path, self.query_pairs, lang=None, draft_key=None)
        given = self.form.text(drafts.ADDRESS)
        referer = urlsplit(self.request.headers.get("referer", ""))
        own = {self.request.headers.get("host"), urlsplit(self.profile.base_url).netloc}
        if not given and referer.netloc in own:
            given = f"{referer.path}?{referer.query}" if referer.query else referer.path
        return given if drafts.is_own(given) else "/"

    def id(self, name: str = "id") -> UUID:
        """A variable of the path as an id. Raises NotFound when it is not one."""
        try:
            return UUID(self.params[name])
        except ValueError as fault:
            raise NotFound() from fault

    def list_page(self, size: int = 25, name: str = "page") -> ListPage:
        """Which part of a list `?page=` asks for; the first when it asks for nonsense.

        On a page with several lists each has a `name` of its own, the same as its pager's.
        """
        asked = self.query.get(name, "1")
        number = int(asked) if asked.isdecimal() and len(asked) < 7 else 1
        return ListPage(min(max(number, 1), MAX_LIST_PAGE), size, ends_at_last=True)

    def gettext(self, text: str) -> str:
        """The text in the language of this request."""
        return messages_of(self.environment).gettext(text)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """The text that fits the number, with the number in the place of %(num)d."""
        return messages_of(self.environment).ngettext(one, many, number) % {"num": number}

    def navigation(self) -> Sequence[NavItem]:
        return self.profile.navigation(self)

    def links(self) -> Sequence[NavItem]:
        """The menu of the signed-in person; nothing before sign-in."""
        return self.profile.links(self) if self.visitor else ()

    def banners(self) -> Sequence[Banner]:
        return self.profile.banners(self)

    def render(
        self, template: str, *, status: int | None = None, keep: bool | None = None, **context: object
    ) -> Response:
        """The page or fragment as HTML. A status comes with `keep`, as in `refuse`; both or none, else TypeError."""
        if (status is None) != (keep is None):
            raise TypeError(
                f"{template}: a page with a status of its own says whether a refusal keeps what was written"
            )
        html = with_fields_named(self.environment.get_template(template).render(page=self, **context))
        return HTMLResponse(html) if status is None or status < 400 else Refusal(html, status, keep=bool(keep))

    @property
    def unsent(self) -> Unsent | None:
        """The form that came, for a page that says that it cannot be taken now."""
        return unsent(self.request, self.form)

    def refuse(self, template: str, *, keep: bool, status: int = 422, **context: object) -> Response:
        """A page that says no. `keep`: what was written stays, as a count of wrong passwords must; or is undone."""
        return self.render(template, status=status, keep=keep, **context)

    def redirect(self, path: str) -> Response:
        """Lead to another page after a form (303), or from a fragment."""
        address = quote(path, safe="/?&=#%:;,+~@!$'()*[]-._")
        if self.is_fragment:
            return Response(headers={"HX-Redirect": address})
        return Response(status_code=303, headers={"Location": address})

    def json(self, value: object) -> Response:
        """For scripts of our own pages: choices of a picker are a list of {"value", "text"}."""
        return Response(msgspec.json.encode(value), media_type="application/json")

    def download(self, content: bytes, name: str, media_type: str = "application/octet-stream") -> Response:
        """A file to keep."""
        disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
        return Response(content, media_type=media_type, headers={"Content-Disposition": disposition})

    def next_path(self, default: str = "/") -> str:
        """Where `?next=` or the field `next` leads, if it is a page of ours (no open redirect)."""
        asked = self.form.text("next") or self.query.get("next", "")
        return asked if drafts.is_own(asked) else default

    def flash(self, text: str, kind: str = "success") -> None:
        """Say something on the next page: `success` (green) or `important` (blue)."""
        kept = self.session.data.get(FLASHES)
        self.session.put(FLASHES, [*(kept if isinstance(kept, list) else []), {"text": text, "kind": kind}])

    def take_flashes(self) -> object:
        return self.session.pop(FLASHES) or []

    def sign_in(self, user_id: UUID, way: str = "") -> None:
        """The user has proved who they are: a new session token from here on. `way`: how, in marked words."""
        self.session.sign_in(user_id, self.now)
        self.session.address, self.session.device = devices.address(self.request), devices.device(self.request)
        self.session.way = way

    def sign_out(self) -> None:
        """End the session."""
        self.session.sign_out(self.now)
        self.visitor = None
