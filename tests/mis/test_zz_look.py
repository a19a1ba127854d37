import asyncio, uvicorn, pytest, re
from urllib.parse import urlsplit
from playwright.async_api import async_playwright
from esoz.kernel.settings import Settings
from esoz.mis.app import make_app
from esoz.mis.dictionaries import refresh
from esoz.sdk import Central
from tests.factories.world import API_KEY
from tests.journeys.axe import *  # noqa
from .conftest import *
from .conftest import NOW, PASSWORD, CENTRAL_URL, email_of
import tests.mis.conftest as c

async def test_look(mis_database, people, wire, clock, gear, consent, connected, jobs, central_database, mis):
    url = "http://127.0.0.1:8999"
    async with mis_database.connection() as db:
        await db.execute("update clinics set redirect_uri=$1", url + "/oauth/callback")
    async with central_database.connection() as db:
        await db.execute("update connections set redirect_uri=$1", url)
    settings = Settings({"ESOZ_MIS_URL": url, "ESOZ_CENTRAL_URL": CENTRAL_URL, "ESOZ_SECRET": "a secret of the tests, long enough"})
    central = Central(CENTRAL_URL, api_key=API_KEY, transport=wire)
    app = make_app(settings, mis_database, central, clock, judge=gear.judge)
    await refresh(mis_database, central, app.services.dictionaries, NOW)
    courier = Courier(app.services)
    server = uvicorn.Server(uvicorn.Config(app, port=8999, lifespan="off", log_level="error"))
    task = asyncio.create_task(server.serve())
    await asyncio.sleep(0.5)
    errs = []
    async with async_playwright() as p:
        b = await p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        ctx = await b.new_context(viewport={"width": 1280, "height": 900}, locale="uk-UA")
        page = await ctx.new_page()
        page.on("console", lambda m: errs.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: errs.append(str(e)))
        async def shot(name):
            await page.screenshot(path=f"/tmp/esoz/shots/{name}.png", full_page=True)
            try:
                await assert_accessible(page)
            except AssertionError as e:
                errs.append(name + ": " + str(e)[:1500])
        target = {}
        async def catch(route):
            target["url"] = route.request.url
            await route.fulfill(body="central")
        await page.route(CENTRAL_URL + "/**", catch)
        await page.goto(url + "/sign-in")
        await shot("signin")
        await page.fill("#email", email_of("DOCTOR")); await page.fill("#password", PASSWORD)
        await page.click("main button[type=submit]:has-text('Увійти')")
        await page.wait_for_url(CENTRAL_URL + "/**")
        await page.goto(url + await consent.answer(connected.doctor.user_id, target["url"]))
        await shot("desk")
        person = connected.persons[0]
        await page.fill("#q", f"{person.last_name} {person.first_name} {person.birth_date:%d.%m.%Y}")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/patients?*")
        await shot("found")
        await page.click(f"a[href='/patients/{person.id}']")
        await shot("patient")
        await page.click("text=Відкрити епізод")
        await page.fill("#name", "Гострий бронхіт, листопад")
        await shot("episode_new")
        await page.click("main button:has-text('Відкрити епізод')")
        await page.wait_for_url("**/documents/*")
        await shot("progress")
        while await courier.step(): pass
        while await jobs.perform_one(): pass
        clock.forward(timedelta(seconds=3))
        while await courier.step(): pass
        await page.wait_for_selector("text=Передано до ЕСОЗ", timeout=8000)
        await shot("accepted")
        await page.click("button:has-text('Записати прийом')")
        await page.wait_for_url("**/visits/*")
        await page.fill("#complaints", "Кашель другий день, температура")
        await page.fill("#reason_1", "кашель")
        await page.wait_for_selector(".autocomplete__option")
        await shot("visit_picker")
        await page.keyboard.press("ArrowDown"); await page.keyboard.press("Enter")
        await page.wait_for_selector("#saved:has-text('Чернетку збережено')", timeout=8000)
        await page.fill("#temperature", "37,8")
        await page.click("button:has-text('Перейти до підпису')")
        await page.wait_for_load_state()
        await shot("visit_errors")
        for f, q in (("diagnosis_1", "R78"), ("action_1", "*30")):
            await page.fill("#" + f, q)
            await page.wait_for_selector(f".autocomplete__option:has-text('{q}')")
            await page.keyboard.press("ArrowDown"); await page.keyboard.press("Enter")
        await page.click("button:has-text('Перейти до підпису')")
        await page.wait_for_url("**/sign")
        await shot("sign")
        await page.goto(url + "/sync"); await shot("queue")
        await page.goto(url + f"/patients/{person.id}/summary"); await shot("summary")
        await page.goto(url + f"/patients/{person.id}/personal"); await shot("personal")
        await page.goto(url + "/status"); await shot("status")
        await page.set_viewport_size({"width": 375, "height": 800})
        await page.goto(url + "/sync"); await shot("queue_phone")
        w = await page.evaluate("document.documentElement.scrollWidth")
        print("WIDTH", w)
        await page.goto(url + "/sync?lang=en"); await shot("queue_en")
        await b.close()
    server.should_exit = True
    await task
    print("ERRS", errs)
