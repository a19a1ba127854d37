"""Where the medicine of a prescription is at hand: around home or a settlement, the cheapest first, told in words."""

import httpx
import pytest

from esoz.cabinet.doctors import commands
from tests.factories.prescriptions import dosage

OFFER = {
    "medication": {
        "id": "00000000-0000-4000-8000-0000000000a1",
        "name": "АМОКСИЛ",
        "form": "CAPSULE",
        "container": {"numerator_unit": "PILL", "denumerator_unit": "PILL"},
        "manufacturer": {"name": "АТ «Завод»", "country": "UA"},
        "package_qty": 20,
        "package_min_qty": 10,
    },
    "division": {
        "id": "00000000-0000-4000-8000-0000000000d1",
        "name": "Аптека № 7",
        "legal_entity": {"id": "00000000-0000-4000-8000-0000000000e1", "name": "Аптека «Ромашка»"},
        "addresses": [{"type": "RESIDENCE", "area": "КИЇВ", "settlement": "КИЇВ", "street": "Садова", "building": "3"}],
        "phones": [{"type": "MOBILE", "number": "+380671112233"}],
    },
    "package_price": 120.5,
    "reimbursement_amount": 20.5,
    "patient_price": 100.0,
    "unit_price": 5.0,
    "distance_km": 1.46,
    "told_at": "2026-11-22T08:30:00Z",
}


def told(*offers: dict, total: int | None = None) -> httpx.Response:
    found = len(offers) if total is None else total
    paging = {"page_number": 1, "page_size": 10, "total_entries": found, "total_pages": max(-(-found // 10), 1)}
    body = {"meta": {"code": 200, "url": "", "type": "list", "request_id": "r"}, "data": list(offers), "paging": paging}
    return httpx.Response(200, json=body)


@pytest.fixture
async def made(patient, prescribing, cabinet) -> dict:
    await commands.refresh(cabinet.services)
    return await prescribing.prescribe()


def page_of(made: dict) -> str:
    return f"/prescriptions/{made['id']}/pharmacies"


def answer(road, made: dict, response: httpx.Response) -> None:
    road.answers[f"GET /api/pis/medication_requests/{made['id']}/offers"] = response


def asked(road) -> httpx.QueryParams:
    return next(each for each in reversed(road.asked) if each.url.path.endswith("/offers")).url.params


async def test_then_price_package_pharmacy_address_distance_and_when_it_was_told(patient, made, road):
    answer(road, made, told(OFFER))
    await patient.open(page_of(made))
    assert patient.page.status_code == 200, patient.text
    for words in (
        "100,00 ₴",
        "АМОКСИЛ, 20 капс.",
        "АТ «Завод»",
        "Ціна 120,50 ₴, держава сплачує 20,50 ₴",
        "Аптека «Ромашка», Аптека № 7",
        "Садова 3",
        "1,5 км",
        "+380671112233",
        "Повідомлено 22 листопада 2026 року, 10:30",
    ):
        assert words in patient.text, words


async def test_settlement_chosen_then_asked_around_it(patient, made, road, own):
    answer(road, made, told())
    place = await own.fetchrow("select settlement_id from places where acts and settlement_id <> '' limit 1")
    await own.execute("update places set latitude = 49.5, longitude = 34.5 where settlement_id = $1", place[0])
    await patient.open(page_of(made), settlement=place[0])
    assert asked(road)["latitude"] == "49.5" and "Таких аптек не знайдено" in patient.text
    await own.execute("update places set latitude = null, longitude = null")
    await patient.open(page_of(made), settlement=place[0])
    assert asked(road)["settlement_id"] == place[0] and "latitude" not in asked(road)


async def test_settlement_emptied_then_anywhere(patient, made, road):
    answer(road, made, told(OFFER, total=25))
    await patient.open(page_of(made), settlement="", settlement_text="", page="2")
    assert asked(road)["page"] == "2" and "settlement_id" not in asked(road)


async def test_unknown_settlement_then_said_beside_the_field_and_nobody_is_asked(patient, made, road):
    answer(road, made, told(OFFER))
    await patient.open(page_of(made), settlement_text="Атлантида")
    assert patient.page.status_code == 422 and "Населеного пункту з такою назвою тут немає" in patient.text
    assert "Ромашка" not in patient.text


async def test_central_that_knows_of_no_stocks_then_said(patient, made, road):
    fault = {"meta": {"code": 404, "url": "", "type": "object", "request_id": "r"}, "error": {"type": "not_found"}}
    answer(road, made, httpx.Response(404, json=fault))
    await patient.open(page_of(made))
    assert patient.page.status_code == 200 and "Запитайте в аптеці" in patient.text


@pytest.mark.parametrize("lack", ["medication", "division", "distance_km", "reimbursement_amount", "told_at"])
async def test_offer_that_lacks_something_then_the_rest_is_shown(patient, made, road, lack: str):
    answer(road, made, told({name: value for name, value in OFFER.items() if name != lack}))
    await patient.open(page_of(made))
    assert patient.page.status_code == 200 and "100,00 ₴" in patient.text


async def test_used_up_or_somebody_elses_then_no_search(patient, made, prescribing):
    await prescribing.reject(made["id"])
    await patient.open(page_of(made))
    assert patient.page.headers["location"] == f"/prescriptions/{made['id']}"
    await patient.open("/prescriptions/00000000-0000-4000-8000-000000000001/pharmacies")
    assert patient.page.status_code == 404


async def test_of_the_real_central_then_what_a_pharmacy_told_of_its_stock(patient, made, world, db):
    package = await db.fetchrow(
        "select id, name from medications where innm_dosage_id = $1 order by package_qty, id limit 1", await dosage(db)
    )
    told_of = [{"medication_id": str(package["id"]), "package_price": 77.3, "available": True}]
    path = f"/api/pharmacy/divisions/{world.pharmacist.division_id}/assortment"
    answer = await world.pharmacist.put(path, {"assortment": told_of})
    assert answer.status_code == 200, answer.text
    await patient.open(page_of(made), settlement="", settlement_text="")
    assert patient.page.status_code == 200, patient.text
    assert "77,30 ₴" in patient.text and package["name"] in patient.text and "Повідомлено" in patient.text
    place = await db.fetchrow("select * from divisions where id = $1", world.pharmacist.division_id)
    assert place["name"] in patient.text and "Таких аптек не знайдено" not in patient.text
    await world.pharmacist.put(path, {"assortment": []})
    await patient.open(page_of(made), settlement="", settlement_text="")
    assert "Таких аптек не знайдено" in patient.text


async def test_of_the_real_central_around_a_place_then_how_far_it_is(patient, made, world, db, own):
    medication_id = await db.fetchval("select id from medications where innm_dosage_id = $1 limit 1", await dosage(db))
    told_of = [{"medication_id": str(medication_id), "package_price": 50, "available": True}]
    path = f"/api/pharmacy/divisions/{world.pharmacist.division_id}/assortment"
    assert (await world.pharmacist.put(path, {"assortment": told_of})).status_code == 200
    await db.execute(
        "update divisions set latitude = 49.51, longitude = 34.5 where id = $1", world.pharmacist.division_id
    )
    settlement = await own.fetchval("select settlement_id from places where acts and settlement_id <> '' limit 1")
    await own.execute("update places set latitude = 49.5, longitude = 34.5 where settlement_id = $1", settlement)
    await patient.open(page_of(made), settlement=settlement)
    assert "50,00 ₴" in patient.text and "1,1 км" in patient.text, patient.text
    await own.execute("update places set latitude = 47.5, longitude = 34.5 where settlement_id = $1", settlement)
    await patient.open(page_of(made), settlement=settlement)
    assert "Таких аптек не знайдено" in patient.text
    await own.execute("update places set latitude = null, longitude = null")
