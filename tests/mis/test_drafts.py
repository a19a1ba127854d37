"""Forms of the workplace keep what was typed: over the end of a session, in two tabs, never for somebody else."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from esoz.kernel.clock import FixedClock
from esoz.mis.app import Mis

from .conftest import PASSWORD, Browser, email_of, form_of
from .test_visits import PHC, begin_visit, episode_of, fill_in, open_episode

TEMPLATES = Path(__file__).parents[2] / "src" / "esoz" / "mis" / "templates"
HOUR = timedelta(minutes=61)
COMPLAINTS = "Біль у горлі, 38,2 з учора"


@pytest.fixture
async def episode_id(doctor: Browser, mis: Mis, patient_id: UUID) -> UUID:
    return await episode_of(mis, await open_episode(doctor, patient_id))


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
    given = {**PHC, "complaints": COMPLAINTS}
    form = _fields(doctor, f"/visits/{visit}") | given
    away = await doctor.client.post(f"/visits/{visit}/draft", data=form, headers={"HX-Request": "true"})
    assert away.headers["hx-redirect"].startswith("/sign-in")
    await other_tab.get(away.headers["hx-redirect"])
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
    visits = [await begin_visit(doctor, patient_id, episode_id) for _ in range(2)]
    tabs = []
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
    assert {path.parent.name for path in marked} == {"visits", "episodes", "prescriptions"}
    for path, text in marked.items():
        assert "password(" not in text and "upload(" not in text and "kep_" not in text, path


def _fields(browser: Browser, path: str) -> dict[str, str]:
    assert browser.page is not None
    return form_of(browser.page.text, path)[1]
