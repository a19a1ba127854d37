"""Help before sign-in: the state before sign-in, whom to ask, banners, local data; the status page and its history."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from esoz.kernel.clock import KYIV, FixedClock
from esoz.kernel.settings import Settings
from esoz.kernel.work import NeedsExternal
from esoz.mis.app import Mis
from esoz.mis.base.banners import BannerCache, Notification
from esoz.mis.base.health import Component, HealthCheck, State, Watch
from esoz.mis.base.support import Support
from esoz.mis.help.banners.commands import announcements as door
from esoz.mis.help.banners.commands import operator
from esoz.mis.help.banners.model import is_term, moment
from esoz.mis.help.status import queries
from esoz.mis.help.status.model import Change, changed, outages
from esoz.mis.help.status.wire import summary
from esoz.signature import Authority
from tests.central.conftest import NOW
from tests.factories.keys import Keys
from tests.factories.world import World

from .conftest import MIS_URL, Browser, Consent, Wire, come_in

MINUTE = timedelta(minutes=1)


async def put_up(mis: Mis, text: str, **more: str) -> UUID:
    """A banner of the operator, as `esoz mis-banner` puts it up."""
    now = mis.services.clock.now()
    async with mis.services.database.transaction() as db:
        banner = await operator.publish(db, operator.BannerRequest(text, **more), now)
    await door.refresh(mis.services)
    return banner.id


class TestDoor:
    async def test_before_sign_in_then_central_and_contacts_are_shown(self, mis: Mis, browser: Browser) -> None:
        await queries.look(mis.services)
        await browser.get("/sign-in")
        assert "ЕСОЗ працює" in browser.text
        assert "0-800-60-20-19" in browser.text
        assert "Зверніться до адміністратора свого закладу" in browser.text

    async def test_when_central_is_away_then_told_that_work_goes_on(
        self, mis: Mis, browser: Browser, wire: Wire
    ) -> None:
        wire.is_cut = True
        await queries.look(mis.services)
        await browser.get("/sign-in")
        assert "ЕСОЗ не відповідає Увійти й працювати можна" in browser.text

    async def test_not_looked_at_yet_then_no_waiting_and_a_link(self, browser: Browser, wire: Wire) -> None:
        wire.is_cut = True
        await browser.get("/sign-in")
        assert "ЕСОЗ працює" not in browser.text
        assert browser.page is not None and 'href="/status"' in browser.page.text

    async def test_support_that_is_set_then_its_contacts(self, mis: Mis) -> None:
        support = Support("+380 44 123-45-67", "help@mis.example", "щодня 8–20", "https://mis.example")
        app = Mis(Settings({"ESOZ_MIS_URL": MIS_URL}), replace(mis.services, support=support))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=MIS_URL) as client:
            for path in ("/help", "/sign-in"):
                page = (await client.get(path)).text
                assert 'href="tel:+380441234567"' in page
                assert "help@mis.example" in page
                assert "щодня 8–20" in page

    def test_support_site_that_is_no_site_then_refused_at_start(self) -> None:
        with pytest.raises(ValueError, match="ESOZ_SUPPORT_URL"):
            Support.of(Settings({"ESOZ_SUPPORT_URL": "javascript:alert(1)"}))

    async def test_help_then_browsers_and_advice_without_sign_in(self, browser: Browser) -> None:
        await browser.get("/help")
        for words in ("Firefox 98", "Safari 16", "перевірте папку СПАМ", "очистьте локальні дані", "Сценарії в"):
            assert words in browser.text


class TestLocalData:
    async def test_cleared_then_the_browser_is_told_and_the_user_stays(self, doctor: Browser) -> None:
        await doctor.get("/help/clear")
        answer = await doctor.send("/help/clear")
        assert answer.headers["clear-site-data"] == '"cache", "storage"'
        await doctor.get("/")
        assert "Робочий стіл" in doctor.text

    async def test_cleared_with_the_sign_in_then_signed_out(self, doctor: Browser) -> None:
        await doctor.get("/help/clear")
        answer = await doctor.send("/help/clear", cookies="yes")
        assert '"cookies"' in answer.headers["clear-site-data"]
        await doctor.get("/")
        assert doctor.path == "/sign-in"

    async def test_before_sign_in_then_cleared_without_a_question(self, browser: Browser) -> None:
        await browser.get("/help/clear")
        assert "Що очистити?" not in browser.text
        answer = await browser.send("/help/clear", cookies="yes")
        assert answer.headers["clear-site-data"] == '"cache", "storage"'

    async def test_a_link_of_another_site_clears_nothing(self, browser: Browser) -> None:
        answer = await browser.client.post("/help/clear", data={}, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403
        assert "clear-site-data" not in answer.headers


@pytest.fixture
async def owner(browser: Browser, consent: Consent, connected: World, head: UUID) -> AsyncIterator[Browser]:
    yield await come_in(browser, consent, "OWNER", connected.owner)


class TestClinicBanner:
    async def fill(self, owner: Browser, **values: str) -> None:
        await owner.get("/staff/banner")
        await owner.send("/staff/banner", text="Не працює інтернет у другому корпусі.", severity="warning", **values)

    async def test_previewed_then_not_published_yet(self, mis: Mis, owner: Browser) -> None:
        await self.fill(owner, act="preview")
        assert "Так його побачать Не працює інтернет" in owner.text
        assert "Опублікувати" in owner.text
        async with mis.services.database.connection() as db:
            assert await db.fetchval("select count(*) from banners") == 0

    async def test_published_then_colleagues_see_it_and_strangers_do_not(
        self, mis: Mis, owner: Browser, consent: Consent, connected: World
    ) -> None:
        await self.fill(owner, act="publish")
        assert "Оголошення опубліковано" in owner.text
        for role, caller, sees in (
            ("DOCTOR", connected.doctor, True),
            ("PHARMACIST", connected.pharmacist, False),
        ):
            async with httpx.AsyncClient(transport=httpx.ASGITransport(mis), base_url=MIS_URL) as client:
                other = Browser(client)
                assert "Не працює інтернет" not in (await other.get("/sign-in")).text
                await come_in(other, consent, role, caller)
                assert ("Не працює інтернет" in other.text) is sees

    async def test_taken_down_then_gone_and_in_the_audit_log(self, mis: Mis, owner: Browser) -> None:
        await self.fill(owner, act="publish")
        async with mis.services.database.connection() as db:
            id = await db.fetchval("select id from banners")
        await owner.send(f"/staff/banner/{id}/end")
        assert "Зараз оголошень Вашого закладу немає" in owner.text
        assert "Не працює інтернет" not in owner.text
        async with mis.services.database.connection() as db:
            events = await db.fetch("select event from audit_events where resource_id = $1 order by id", str(id))
        assert [row["event"] for row in events] == ["banner.published", "banner.ended"]

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"text": ""}, "Введіть текст оголошення"),
            ({"text": "а" * 301}, "Введіть текст оголошення"),
            ({"severity": "loud"}, "Оберіть, наскільки це важливо"),
            ({"begins": "завтра"}, "Введіть день і час"),
            ({"begins": "2026-11-23T10:00", "ends": "2026-11-23T10:00"}, "Кінець має бути пізніше"),
            ({"ends": "2026-11-22T11:00"}, "Кінець має бути пізніше"),
        ],
    )
    async def test_with_a_fault_then_told_so(self, owner: Browser, values: Mapping[str, str], words: str) -> None:
        await owner.get("/staff/banner")
        given = {"text": "Текст", "severity": "info", "act": "publish"} | values
        answer = await owner.send("/staff/banner", **given)
        assert answer.status_code == 422
        assert words in owner.text

    async def test_for_a_doctor_then_forbidden(self, doctor: Browser) -> None:
        assert (await doctor.get("/staff/banner")).status_code == 403

    async def test_of_the_operator_then_not_the_heads_to_take_down(self, mis: Mis, owner: Browser) -> None:
        id = await put_up(mis, "Планові роботи.")
        await self.fill(owner, act="publish")
        async with mis.services.database.connection() as db:
            own = await db.fetchval("select id from banners where clinic_id is not null")
        assert owner.page is not None
        page = owner.page.text.replace(f"/staff/banner/{own}/end", f"/staff/banner/{id}/end")
        owner.page = httpx.Response(200, text=page, request=owner.page.request)
        assert (await owner.send(f"/staff/banner/{id}/end")).status_code == 404


class TestOperatorBanner:
    async def test_put_up_then_before_and_after_sign_in(
        self, mis: Mis, browser: Browser, consent: Consent, connected: World
    ) -> None:
        await put_up(mis, "Рецепти тимчасово не виписуються.")
        await browser.get("/sign-in")
        assert "Рецепти тимчасово не виписуються." in browser.text
        await come_in(browser, consent, "DOCTOR", connected.doctor)
        assert "Рецепти тимчасово не виписуються." in browser.text

    async def test_hidden_then_not_in_this_session_but_in_others(self, mis: Mis, browser: Browser) -> None:
        id = await put_up(mis, "Уночі планові роботи.", severity="info")
        await browser.get("/help")
        assert "Уночі планові роботи. Сховати" in browser.text
        await browser.get(f"/banners/{id}", next="/help")
        await browser.send(f"/banners/{id}")
        assert browser.path == "/help"
        assert "Уночі планові роботи." not in browser.text
        async with httpx.AsyncClient(transport=httpx.ASGITransport(mis), base_url=MIS_URL) as client:
            assert "Уночі планові роботи." in (await client.get("/help")).text

    async def test_of_an_incident_then_cannot_be_hidden(self, mis: Mis, browser: Browser) -> None:
        id = await put_up(mis, "ЕСОЗ не працює.")
        assert (await browser.get(f"/banners/{id}")).status_code == 404
        cache = mis.services.banners
        assert [each.id for each in cache.shown(NOW, None, [str(id)])] == [id]

    async def test_outside_of_its_time_then_not_shown(self, mis: Mis, browser: Browser, clock: FixedClock) -> None:
        begins, ends = (f"{NOW.astimezone(KYIV) + hours * timedelta(hours=1):%Y-%m-%d %H:%M}" for hours in (1, 2))
        await put_up(mis, "Роботи.", begins=begins, ends=ends)
        for hours, shown in ((0, False), (1, True), (1, False)):
            clock.forward(timedelta(hours=hours))
            await browser.get("/help")
            assert ("Роботи." in browser.text) is shown

    async def test_ended_then_gone(self, mis: Mis, browser: Browser) -> None:
        id = await put_up(mis, "ЕСОЗ не працює.")
        async with mis.services.database.transaction() as db:
            await operator.end(db, id, NOW)
            with pytest.raises(ValueError, match="no banner"):
                await operator.end(db, uuid4(), NOW)
        await door.refresh(mis.services)
        await browser.get("/help")
        assert "ЕСОЗ не працює." not in browser.text

    async def test_too_long_then_refused(self, mis: Mis) -> None:
        with pytest.raises(ValueError, match="300"):
            await put_up(mis, "а" * 301)


class TestStatus:
    async def test_page_then_components_and_incidents(self, mis: Mis, browser: Browser, clock: FixedClock) -> None:
        await put_up(mis, "Довідники оновлюються повільно.", severity="warning")
        clock.forward(MINUTE)
        await browser.get("/status")
        for words in (
            "Робоче місце Працює",
            "ЕСОЗ (центральна база даних) Працює",
            "Не запитували",
            "Довідники оновлюються повільно.",
            "триває",
        ):
            assert words in browser.text

    async def test_json_then_as_before_and_more(self, mis: Mis, browser: Browser) -> None:
        found = (await browser.get("/status.json")).json()
        assert {name: found["components"][name] for name in ("mis", "database", "central")} == {
            "mis": "operational",
            "database": "operational",
            "central": "operational",
        }
        assert found["documents_waiting"] == 0
        assert found["status"] == {"indicator": "none", "description": "All Systems Operational"}

    async def test_when_central_is_away_then_told_and_kept_as_an_outage(
        self, mis: Mis, browser: Browser, wire: Wire, clock: FixedClock
    ) -> None:
        await queries.note(mis.services)
        wire.is_cut = True
        clock.forward(MINUTE)
        await queries.note(mis.services)
        found = (await browser.get("/api/v2/summary.json")).json()
        assert found["status"]["indicator"] == "major"
        assert {each["id"]: each["status"] for each in found["components"]}["central"] == "major_outage"
        wire.is_cut = False
        clock.forward(10 * MINUTE)
        await queries.note(mis.services)
        found = (await browser.get("/api/v2/summary.json")).json()
        assert [(each["status"], each["impact"]) for each in found["incidents"]] == [("resolved", "major")]
        await browser.get("/status")
        assert "Не відповідає: ЕСОЗ (центральна база даних)" in browser.text

    async def test_when_a_background_task_is_down_then_told(
        self, mis: Mis, browser: Browser, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(mis.services.supervisor, "_failing", {"documents"})
        found = (await browser.get("/status.json")).json()
        assert (found["components"]["tasks"], found["status"]["indicator"]) == ("unreachable", "major")
        assert (await browser.get("/health/tasks")).status_code == 503
        await browser.get("/status")
        assert "Фонові завдання робочого місця Не відповідає" in browser.text

    async def test_trust_providers_then_as_the_last_question_went(
        self, mis: Mis, authority: Authority, connected: World, clock: FixedClock
    ) -> None:
        keys = Keys(authority, clock.now())
        services = replace(mis.services, verifier=keys.verifier(), watch=Watch())

        async def seen(*, is_away: bool) -> State:
            keys.is_away = is_away
            with pytest.raises(NeedsExternal) as need:
                services.verifier.standing(keys.person().certificate.der, at=clock.now())
            await need.value.asking()
            clock.forward(MINUTE)
            await queries.look(services)
            assert services.watch.last is not None
            return services.watch.last.states[Component.TRUST]

        assert await seen(is_away=False) is State.OPERATIONAL
        assert await seen(is_away=True) is State.UNREACHABLE
        clock.forward(timedelta(hours=1))
        await queries.look(services)
        assert services.watch.last is not None
        assert services.watch.last.states[Component.TRUST] is State.UNKNOWN

    async def test_asked_often_then_central_once_in_a_while(self, mis: Mis, browser: Browser, wire: Wire) -> None:
        before = len(wire.seen)
        for _ in range(5):
            await browser.get("/status.json")
        assert len(wire.seen) == before + 1


class TestRules:
    def test_outages_are_the_times_without_an_answer(self) -> None:
        def change(minutes: int, state: State) -> Change:
            return Change(Component.CENTRAL, state, NOW + minutes * MINUTE)

        down, up = State.UNREACHABLE, State.OPERATIONAL
        given = [change(0, up), change(1, down), change(2, down), change(5, up), change(9, down)]
        found = outages(given, NOW + 11 * MINUTE)
        assert [(each.began_at, each.ended_at) for each in found] == [
            (NOW + 9 * MINUTE, None),
            (NOW + MINUTE, NOW + 5 * MINUTE),
        ]
        blink = [change(0, down), Change(Component.CENTRAL, up, NOW + timedelta(seconds=59))]
        assert outages(blink, NOW + 9 * MINUTE) == []

    def test_changed_is_what_is_otherwise_and_known(self) -> None:
        seen = HealthCheck(NOW, {Component.CENTRAL: State.UNREACHABLE, Component.TRUST: State.UNKNOWN}, 0)
        assert [each.component for each in changed({}, seen)] == [Component.CENTRAL]
        assert changed({Component.CENTRAL: State.UNREACHABLE}, seen) == []

    @pytest.mark.parametrize(
        ("states", "indicator"),
        [
            ((State.OPERATIONAL,), "none"),
            ((State.UNKNOWN,), "none"),
            ((State.DEGRADED,), "minor"),
            ((State.DEGRADED, State.UNREACHABLE), "major"),
        ],
    )
    def test_indicator_is_that_of_the_worst(self, states: tuple[State, ...], indicator: str) -> None:
        seen = HealthCheck(NOW, dict(zip(Component, states, strict=False)), 0)
        assert HealthCheck(NOW, {Component.TRUST: State.UNREACHABLE}, 0).indicator == "minor"  # work goes on
        assert seen.indicator == indicator
        assert summary(seen, [], name="mis", url="https://mis.test/status")["status"]["indicator"] == indicator

    def test_cache_shows_incidents_first(self) -> None:
        def banner(severity: str) -> Notification:
            return Notification(uuid4(), None, severity, severity, NOW, None, NOW)

        cache = BannerCache()
        cache.put([banner("info"), banner("danger"), banner("warning")])
        assert [each.text for each in cache.shown(NOW, None, ())] == ["danger", "warning", "info"]

    def test_moment_is_of_kyiv(self) -> None:
        assert moment("2026-11-22 12:00") == NOW
        assert moment("2026-11-22T12:00") == NOW
        assert moment("") is None
        with pytest.raises(ValueError):
            moment("завтра")

    @pytest.mark.parametrize(
        ("ends", "may"),
        [
            (None, True),
            (NOW, False),
            (NOW + MINUTE, True),
            (NOW + timedelta(days=365), True),
            (NOW + timedelta(days=365, seconds=1), False),
        ],
    )
    def test_term_of_a_banner_at_its_edges(self, ends: datetime | None, may: bool) -> None:
        assert is_term(NOW, ends) is may
