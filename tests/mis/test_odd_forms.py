"""Every form of every page, sent with odd values in some of its fields: taken, or shown again; never our fault."""

import html
import random
import re
from collections.abc import Iterator
from uuid import UUID

import httpx
import pytest

from esoz.mis.app import SECTIONS, Mis
from tests.factories.world import World
from tests.mutations import TEXTS
from tests.odd_forms import nameless

from .conftest import Browser, Consent, _fields, come_in
from .test_visits import begin_visit, episode_of, open_episode

FEW, MANY = 2, 60
FORM = re.compile(r"<form method=\"post\" action=\"([^\"]*)\"(.*?)</form>", re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)"')
ENDS_THE_SESSION = re.compile(r"sign-out|/lock|/session|password|sign-in|confirm|/account|/recover|/workplaces")
KEPT = frozenset({"csrf", "form_token"})
DAYS = ("0001-01-01", "9999-12-31", "0000-00-00", "2026-02-30", "20261122", "2026-W47-7", "22.11.2026", "-1", "١٢")
PAGES = sorted({route.path for section in SECTIONS for route in section.pages if route.method == "GET"})


def odd(source: random.Random) -> str:
    """A text that a browser could send."""
    return source.choice((*TEXTS, *DAYS, *DAYS, "1e30", "9" * 40)).encode(errors="replace").decode()[:9000]


class Walker:
    """Opens pages and sends the forms that stand on them."""

    def __init__(self, browser: Browser, ids: list[str], source: random.Random) -> None:
        self.browser, self.ids, self.source = browser, ids, source
        self.broken: dict[str, str] = {}
        self.sent = 0

    async def walk(self, cases: int) -> None:
        for path in PAGES:
            for place in self._places(path):
                page = await self.browser.client.get(place, follow_redirects=True)
                self._note(f"GET {place}", page.status_code)
                for found in FORM.finditer(page.text):
                    await self._send(html.unescape(found[1]), found[2], cases)

    def _places(self, path: str) -> Iterator[str]:
        if "{" not in path:
            yield path
            return
        for id in self.ids:
            yield re.sub(r"\{[^}]+\}", id, path)

    async def _send(self, action: str, form: str, cases: int) -> None:
        fields = _fields(form)
        changeable = [name for name in fields if name not in KEPT]
        if ENDS_THE_SESSION.search(action) or not changeable:
            return
        hidden = set(HIDDEN.findall(form))
        for _ in range(cases):
            some = self.source.sample(changeable, min(len(changeable), self.source.choice((1, 1, 2, 3))))
            data = fields | {name: odd(self.source) for name in some} | {"form_token": ""}
            answer = await self.browser.client.post(action, data=data)
            self.sent += 1
            what = f"POST {action} { ({name: data[name][:60] for name in some}) }"
            self._note(what, answer.status_code)
            if hidden.isdisjoint(some):  # nobody is told beside which label a field stands that has none
                self._compare(what, answer)
        seen = dict.fromkeys(set(changeable) - hidden, "")
        answer = await self.browser.client.post(action, data=fields | seen | {"form_token": ""})
        self._note(f"POST {action} with nothing", answer.status_code)
        self._compare(f"POST {action} with nothing", answer)

    def _compare(self, what: str, answer: httpx.Response) -> None:
        """Each fault says which field it means."""
        if words := nameless(answer.text):
            self.broken[what] = f"which field is it: {words}"

    def _note(self, what: str, status: int) -> None:
        if status >= 500:
            self.broken[what] = str(status)


CASES = [FEW, pytest.param(MANY, marks=pytest.mark.slow)]


@pytest.mark.parametrize("cases", CASES)
async def test_forms_of_a_doctor_when_odd_then_never_our_fault(
    doctor: Browser, mis: Mis, patient_id: UUID, cases: int
) -> None:
    episode = await episode_of(mis, await open_episode(doctor, patient_id))
    document = await begin_visit(doctor, patient_id, episode)
    walker = Walker(doctor, [str(patient_id), str(document), str(UUID(int=7))], random.Random(cases))
    await walker.walk(cases)
    assert walker.broken == {}
    assert walker.sent > 3 * cases


@pytest.mark.parametrize("role", ["OWNER", "PHARMACIST", "RECEPTIONIST"])
@pytest.mark.parametrize("cases", CASES)
async def test_forms_of_others_when_odd_then_never_our_fault(
    *, browser: Browser, consent: Consent, connected: World, head: UUID, role: str, cases: int
) -> None:
    caller = {"OWNER": connected.owner, "PHARMACIST": connected.pharmacist, "RECEPTIONIST": connected.registrar}[role]
    await come_in(browser, consent, role, caller)
    walker = Walker(browser, [str(caller.employee_id), "x"], random.Random(f"{role} {cases}"))
    await walker.walk(cases)
    assert walker.broken == {}
    assert walker.sent >= cases
