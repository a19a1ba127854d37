"""Administrators' pages of legal entities and of people who may not be hired."""

import base64
import re
from datetime import timedelta
from urllib.parse import quote

import pytest

from esoz.central import identity
from esoz.central.registration.model import NHS_EDRPOU
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from esoz.signature import Authority, Subject, sign
from tests.factories.people import tax_id
from tests.factories.world import World

from .conftest import Browser
from .test_lists import first_cells

PATH, BLACK = "/administration/legal-entities", "/administration/black-list"


async def status_of(db: Connection, world: World) -> tuple[str, bool]:
    row = await db.fetchrow("select status, nhs_verified from legal_entities where id = $1", world.doctor.client_id)
    return row["status"], row["nhs_verified"]


class TestLegalEntities:
    async def test_found_by_name_code_type_and_state(
        self,
        administrator: Browser,
        world: World,
        db: Connection,
    ) -> None:
        everybody = first_cells((await administrator.get(PATH)).text)
        assert len(everybody) == await db.fetchval("select count(*) from legal_entities")
        code = await db.fetchval("select edrpou from legal_entities where id = $1", world.doctor.client_id)
        assert len(first_cells((await administrator.get(PATH, words=code)).text)) == 1
        pharmacies = first_cells((await administrator.get(PATH, type="PHARMACY", status="ACTIVE")).text)
        assert 0 < len(pharmacies) < len(everybody)
        for query in ({"words": "%"}, {"words": "_"}, {"status": "CLOSED"}):
            assert "Таких закладів немає" in (await administrator.get(PATH, **query)).text

    async def test_verified_suspended_and_back(
        self,
        administrator: Browser,
        world: World,
        db: Connection,
    ) -> None:
        place = f"{PATH}/{world.doctor.client_id}"
        for decision, expected in (
            ("unverify", ("ACTIVE", False)),
            ("verify", ("ACTIVE", True)),
            ("unverify", ("ACTIVE", False)),
            ("suspend", ("SUSPENDED", False)),
            ("activate", ("ACTIVE", False)),
        ):
            page = await administrator.get(place)
            assert f'value="{decision}"' in page.text
            await administrator.send(f"{place}/decision", decision=decision)
            assert await status_of(db, world) == expected
        refused = await administrator.send(f"{place}/decision", decision="activate")
        assert (refused.status_code, "стан закладу вже інший" in refused.text) == (409, True)
        assert (await administrator.send(f"{place}/decision", decision="close")).status_code == 404

    @pytest.mark.parametrize(("edrpou", "done"), [(NHS_EDRPOU, True), ("44445555", False)])
    async def test_merged_by_a_key_of_the_service_only(
        self,
        administrator: Browser,
        world: World,
        db: Connection,
        authority: Authority,
        work: Work,
        edrpou: str,
        done: bool,
    ) -> None:
        place = f"{PATH}/{world.doctor.client_id}"
        await administrator.get(place)
        faulty = await administrator.send(f"{place}/merge", edrpou="1", reason="")
        assert "Введіть код ЄДРПОУ закладу" in faulty.text
        assert "Введіть підставу" in faulty.text
        code = await db.fetchval("select edrpou from legal_entities where id = $1", world.foreign_doctor.client_id)
        page = await administrator.send(f"{place}/merge", edrpou=code, reason="Рішення 7")
        found = re.search(r'name="content" value="([^"]+)"', page.text)
        assert found is not None
        subject = Subject(
            surname="Людина", given_name="Уповноважена", drfo=tax_id(330_000_001), organization="НСЗУ", edrpou=edrpou
        )
        key = authority.issue(subject, valid_from=work.now - timedelta(days=9), valid_to=work.now + timedelta(days=9))
        document = sign(base64.b64decode(found[1]), key.key, key.certificate, at=work.now)
        answer = await administrator.send(
            f"{place}/merge/sign", content=found[1], signed_content=base64.b64encode(document).decode()
        )
        assert (answer.status_code == 303) is done, answer.text
        assert ((await status_of(db, world))[0] == "REORGANIZED") is done
        if not done:
            assert "Потрібен ключ працівника НСЗУ" in answer.text

    async def test_prepared_document_is_nonsense_then_not_found(
        self,
        administrator: Browser,
        world: World,
    ) -> None:
        place = f"{PATH}/{world.doctor.client_id}"
        await administrator.get(place)
        for content in ("", "ґ", "e30=", base64.b64encode(b"[1]").decode()):
            assert (await administrator.send(f"{place}/merge/sign", content=content)).status_code == 404


class TestBlackList:
    async def test_added_shown_found_and_ended(
        self,
        administrator: Browser,
        world: World,
        work: Work,
        db: Connection,
    ) -> None:
        assert "Список порожній" in (await administrator.get(BLACK)).text
        number = world.doctor.tax_id
        refused = await administrator.send(BLACK, tax_id=number, reason="вирок суду")
        assert "Спершу заблокуйте" in refused.text
        await identity.block_user(work, world.doctor.user_id, "вирок суду")
        assert (await administrator.send(BLACK, tax_id=number, reason="вирок суду")).status_code == 303
        assert first_cells((await administrator.get(BLACK, words="вирок")).text) == [number]
        assert "Таких записів немає" in (await administrator.get(BLACK, state="ended")).text
        again = await administrator.send(BLACK, tax_id=number, reason="знову")
        assert "уже є в списку" in again.text
        wrong = await administrator.send(BLACK, tax_id="123", reason="")
        assert "Введіть РНОКПП" in wrong.text
        id = await db.fetchval("select id from black_list")
        await administrator.get(BLACK)
        await administrator.send(f"{BLACK}/{id}/end")
        assert await db.fetchval("select is_active from black_list") is False
        assert (await administrator.send(f"{BLACK}/{id}/end")).status_code == 404

    @pytest.mark.parametrize("path", [PATH, BLACK])
    async def test_closed_to_others(self, browser: Browser, path: str) -> None:
        assert (await browser.get(path)).headers["location"] == f"/sign-in?next={quote(path, safe='')}"
