"""Forms of the workplace keep what was typed: over the end of a session, in two tabs, never for somebody else."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from esoz.kernel.clock import FixedClock
from esoz.mis.app import Mis
from tests.factories.world import World

from .conftest import PASSWORD, Browser, email_of, form_of
from .test_visits import PHC, begin_visit, episode_of, fill_in, open_episode, sign

TEMPLATES = Path(__file__).parents[2] / "src" / "esoz" / "mis" / "templates"
HOUR = timedelta(minutes=61)
COMPLAINTS = "Біль у горлі, 38,2 з учора"


@pytest.fixture
async def episode_id(doctor: Browser, mis: Mis, patient_id: UUID) -> UUID:
    return await episode_of(mis, await open_episode(doctor, patient_id))


async def saves_itself(tab: Browser, visit: str, **typed: str) -> httpx.Response:
    """What the script of the form sends while it is filled in."""
    form = _fields(tab, f"/visits/{visit}") | PHC | typed
    form["draft_key"] = form.pop("form_token")
    return await tab.client.post(f"/visits/{visit}/draft", data=form)


async def kept_form(mis: Mis, visit: str) -> dict[str, str]:
    async with mis.services.database.connection() as db:
        found: dict[str, str] = await db.fetchval("select form from documents where id = $1", UUID(visit))
    return found


async def signs_in(browser: Browser, role: str) -> None:
    """At the sign-in page that the browser was led to."""
    assert browser.path == "/sign-in", browser.text
    await browser.send("/sign-in", email=email_of(role), password=PASSWORD)


async def test_encounter_when_idle_in_the_middle_then_after_sign_in_the_typed_text_is_there(
    doctor: Browser, patient_id: UUID, episode_id: UUID, clock: FixedClock
) -> None:
    visit = await begin_visit(doctor, patient_id, episode_id)
    clock.forward(HOUR)
    await fill_in(doctor, visit, complaints=COMPLAINTS)
    assert "Сеанс завершено, бо Ви довго нічого не робили" in doctor.text and "Введене збережено" in doctor.text
    await signs_in(doctor, "DOCTOR")
    assert doctor.path == f"/visits/{visit}"
    assert "Ми зберегли введене" in doctor.text and COMPLAINTS in doctor.text
    await fill_in(doctor, visit, complaints=COMPLAINTS)
    assert doctor.path == f"/documents/{visit}/sign"
    await doctor.get(f"/visits/{visit}")
    assert "Ми зберегли введене" not in doctor.text and COMPLAINTS in doctor.text


async def test_encounter_when_it_saves_itself_after_the_end_then_the_text_is_there_too(
    doctor: Browser, patient_id: UUID, episode_id: UUID, clock: FixedClock
) -> None:
    visit = await begin_visit(doctor, patient_id, episode_id)
    other_tab = Browser(doctor.client, doctor.page)
    clock.forward(HOUR)
    away = await saves_itself(doctor, visit, complaints=COMPLAINTS)
    assert away.headers["location"].startswith("/sign-in")
    await other_tab.get(away.headers["location"])
    await signs_in(other_tab, "DOCTOR")
    assert other_tab.path == f"/visits/{visit}" and COMPLAINTS in other_tab.text


async def test_encounter_when_somebody_else_signs_in_then_they_see_nothing_of_it(
    doctor: Browser, patient_id: UUID, episode_id: UUID, clock: FixedClock
) -> None:
    visit = await begin_visit(doctor, patient_id, episode_id)
    clock.forward(HOUR)
    await fill_in(doctor, visit, complaints=COMPLAINTS)
    await signs_in(doctor, "RECEPTIONIST")
    await doctor.get(f"/visits/{visit}")
    assert COMPLAINTS not in doctor.text and "Ми зберегли" not in doctor.text


async def test_two_tabs_when_the_session_ends_then_both_forms_are_kept(
    doctor: Browser, patient_id: UUID, episode_id: UUID, clock: FixedClock
) -> None:
    visits, tabs = [], []
    for _ in range(2):
        visits.append(await begin_visit(doctor, patient_id, episode_id))
        await doctor.send(f"/visits/{visits[-1]}", do="save", complaints="Почато")
    for visit in visits:
        await doctor.get(f"/visits/{visit}")
        tabs.append(Browser(doctor.client, doctor.page))
    clock.forward(HOUR)
    await fill_in(tabs[0], visits[0], complaints="Перша вкладка")
    await signs_in(tabs[0], "DOCTOR")
    assert "Перша вкладка" in tabs[0].text
    await fill_in(tabs[1], visits[1], complaints="Друга вкладка")
    assert tabs[1].path == f"/visits/{visits[1]}" and "Друга вкладка" in tabs[1].text
    assert "сеанс змінився" in tabs[1].text


async def test_encounter_when_signed_out_in_another_tab_then_nothing_typed_is_lost(
    doctor: Browser, patient_id: UUID, episode_id: UUID
) -> None:
    visit = await begin_visit(doctor, patient_id, episode_id)
    other_tab = Browser(doctor.client, doctor.page)
    await doctor.send("/sign-out")
    away = await saves_itself(other_tab, visit, complaints=COMPLAINTS)
    assert away.status_code == 303 and away.headers["location"] == f"/sign-in?next=%2Fvisits%2F{visit}"
    await other_tab.get(away.headers["location"])
    assert "Введене збережено" in other_tab.text
    await signs_in(other_tab, "DOCTOR")
    assert other_tab.path == f"/visits/{visit}" and COMPLAINTS in other_tab.text


async def test_encounter_when_somebody_else_came_after_the_sign_out_then_the_script_is_told(
    doctor: Browser, patient_id: UUID, episode_id: UUID
) -> None:
    visit = await begin_visit(doctor, patient_id, episode_id)
    other_tab = Browser(doctor.client, doctor.page)
    await doctor.send("/sign-out")
    await signs_in(doctor, "RECEPTIONIST")
    assert (await saves_itself(other_tab, visit, complaints=COMPLAINTS)).status_code == 403


async def test_encounter_when_two_tabs_save_themselves_then_the_second_is_told_and_both_texts_stay(
    doctor: Browser, mis: Mis, patient_id: UUID, episode_id: UUID
) -> None:
    visit = await begin_visit(doctor, patient_id, episode_id)
    other_tab = Browser(doctor.client, doctor.page)
    assert (await saves_itself(doctor, visit, complaints="Перша вкладка")).json()["saved_at"]
    told = (await saves_itself(other_tab, visit, complaints="Друга вкладка")).json()
    assert "в іншій вкладці" in told["trouble"] and "version" not in told
    assert (await kept_form(mis, visit))["complaints"] == "Перша вкладка"
    await other_tab.get(f"/visits/{visit}")
    assert "Ми зберегли введене" in other_tab.text and "Друга вкладка" in other_tab.text


async def test_encounter_when_one_tab_saves_itself_on_and_on_then_it_is_no_conflict(
    doctor: Browser, mis: Mis, patient_id: UUID, episode_id: UUID
) -> None:
    visit = await begin_visit(doctor, patient_id, episode_id)
    first = (await saves_itself(doctor, visit, complaints="Кашель")).json()
    second = (await saves_itself(doctor, visit, complaints="Кашель, нежить", version=first["version"])).json()
    assert second["version"] != first["version"] and "trouble" not in second
    await fill_in(doctor, visit, complaints="Кашель, нежить", version=second["version"])
    assert doctor.path == f"/documents/{visit}/sign"


async def test_encounter_when_saved_in_the_other_tab_then_shown_again_and_the_second_press_takes_it(
    doctor: Browser, mis: Mis, patient_id: UUID, episode_id: UUID
) -> None:
    visit = await begin_visit(doctor, patient_id, episode_id)
    other_tab = Browser(doctor.client, doctor.page)
    await saves_itself(doctor, visit, complaints="Перша вкладка")
    page = await fill_in(other_tab, visit, complaints="Друга вкладка")
    assert page.status_code == 409 and "Друга вкладка" in other_tab.text
    assert "Запис змінено в іншій вкладці" in other_tab.text
    again = Browser(doctor.client, other_tab.page)
    await again.send("/drafts/clear")
    assert again.path == f"/visits/{visit}" and "Перша вкладка" in again.text
    await fill_in(other_tab, visit, complaints="Друга вкладка")
    assert other_tab.path == f"/documents/{visit}/sign"
    assert (await kept_form(mis, visit))["complaints"] == "Друга вкладка"


async def test_encounter_when_signed_in_another_tab_then_what_is_typed_here_stays_in_sight(
    doctor: Browser, patient_id: UUID, episode_id: UUID, connected: World
) -> None:
    visit = await begin_visit(doctor, patient_id, episode_id)
    other_tab = Browser(doctor.client, doctor.page)
    await doctor.get(f"/visits/{visit}")
    await fill_in(doctor, visit)
    await sign(doctor, visit, connected.doctor)
    assert "уже підписано" in (await saves_itself(other_tab, visit, complaints=COMPLAINTS)).json()["trouble"]
    page = await fill_in(other_tab, visit, complaints=COMPLAINTS)
    assert page.status_code == 409 and COMPLAINTS in other_tab.text and "Скопіюйте потрібне" in other_tab.text
    assert 'value="sign"' not in page.text


async def test_encounter_when_it_saved_itself_after_a_rescue_then_no_older_text_covers_it(
    doctor: Browser, patient_id: UUID, episode_id: UUID, clock: FixedClock
) -> None:
    visit = await begin_visit(doctor, patient_id, episode_id)
    clock.forward(HOUR)
    await fill_in(doctor, visit, complaints="Давніше")
    await signs_in(doctor, "DOCTOR")
    await saves_itself(doctor, visit, complaints="Новіше")
    await doctor.get(f"/visits/{visit}")
    assert "Новіше" in doctor.text and "Давніше" not in doctor.text


async def test_new_episode_when_saved_by_its_script_then_filled_in_until_it_is_sent(
    doctor: Browser, patient_id: UUID
) -> None:
    path = f"/patients/{patient_id}/episodes/new"
    await doctor.get(path)
    form = _fields(doctor, path)
    kept = form | {"name": "Бронхіт у чернетці", "draft_key": form.pop("form_token")}
    answer = await doctor.client.post("/drafts", data=kept)
    assert answer.json()["saved_at"]
    await doctor.get(path)
    assert "Бронхіт у чернетці" in doctor.page.text
    await doctor.send()
    assert doctor.path.startswith("/documents/")
    await doctor.get(path)
    assert "Бронхіт у чернетці" not in doctor.page.text


def test_forms_that_are_kept_then_none_asks_for_a_secret_or_a_file() -> None:
    texts = {path: path.read_text("utf-8") for path in TEMPLATES.rglob("*.html")}
    marked = {path: text for path, text in texts.items() if "draft=true" in text or "data-draft" in text}
    assert {path.parent.name for path in marked} == {
        *("visits", "episodes", "prescriptions", "corrections"),
        *("declarations", "methods", "confidants", "registration", "paper", "emergency", "devices", "wholesale"),
        "referrals",
        "conclusions",
    }
    for path, text in marked.items():
        assert "password(" not in text and "upload(" not in text and "kep_" not in text, path


def _fields(browser: Browser, path: str) -> dict[str, str]:
    assert browser.page is not None
    return form_of(browser.page.text, path)[1]
