"""The pages of the trust centre: the register for everybody, the acts for the operator."""

import html
import random
import re
from datetime import timedelta

import httpx
import pytest

from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from esoz.kernel.pages.translations import untranslated
from esoz.signature import Certificate, Dstu4145Key, oids, open_key_file
from esoz.trust_centre import operator_key

from .conftest import BASE, SETTINGS, Operator, certificate
from .test_operator_api import pkcs10

PERSON = {
    "family": "dstu-kupyna",
    "holder": "person",
    "surname": "Мирний",
    "given_name": "Панас Якович",
    "drfo": "1111111111",
    "format": "jks",
    "password": "пароль",
}


class Visitor:
    """A browser without scripts."""

    def __init__(self, operator: Operator) -> None:
        self.http = operator.http
        self.page = httpx.Response(200)

    async def open(self, path: str) -> str:
        self.page = await self.http.get(path, follow_redirects=True)
        return self.text

    async def send(self, path: str, *, files: dict[str, bytes] | None = None, **values: str) -> httpx.Response:
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', self.page.text)
        fields = {"csrf": found[1] if found else ""} | values
        self.page = await self.http.post(path, data=fields, files=files, follow_redirects=True)
        return self.page

    async def sign_in(self) -> None:
        await self.open("/sign-in")
        await self.send("/sign-in", key=operator_key(SETTINGS))

    @property
    def text(self) -> str:
        body = re.sub(r"<(script|style|head|svg)\b.*?</\1>", " ", self.page.text, flags=re.DOTALL)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.fixture
def visitor(operator: Operator) -> Visitor:
    return Visitor(operator)


class TestRegister:
    async def test_shows_holders_and_statuses_to_everybody(self, operator: Operator, visitor: Visitor) -> None:
        good, bad = await operator.issue(), await operator.issue("dstu-gost")
        await operator.revoke(bad["id"])
        text = await visitor.open("/")
        assert visitor.page.status_code == 200
        assert text.count("Кобилянська Ольга Юліанівна") == 4  # each name also stands behind the link, for the ear
        assert "скасований" in text and "чинний" in text
        assert "не мають юридичної сили" in text
        assert good["serial_number"][-12:] in text

    async def test_search_narrows(self, operator: Operator, visitor: Visitor) -> None:
        data = await operator.issue()
        assert data["serial_number"][-12:] in await visitor.open("/?search=кобилян&status=valid&family=ecdsa")
        for query in ("search=%25", "family=dstu-gost", "status=revoked", "search=нікого"):
            assert "Нічого не знайдено" in await visitor.open(f"/?{query}")
        assert data["serial_number"][-12:] in await visitor.open("/?page=99")  # the last one there is

    async def test_certificate_with_its_download(self, operator: Operator, visitor: Visitor) -> None:
        data = await operator.issue()
        text = await visitor.open(f"/view/{data['id']}")
        assert data["serial_number"] in text and "2222222222" in text and "19631127-00001" in text
        file = await visitor.http.get(f"/view/{data['id']}/certificate")
        assert f'href="{file.url.path}"' in visitor.page.text
        assert file.content == certificate(data).der
        assert "Скасувати" not in text

    async def test_unknown_then_404(self, visitor: Visitor) -> None:
        for path in ("/view/nonsense", "/view/00000000-0000-0000-0000-000000000000", "/nowhere"):
            await visitor.open(path)
            assert visitor.page.status_code == 404

    async def test_about_names_every_service_and_its_links_lead_somewhere(self, visitor: Visitor) -> None:
        text = await visitor.open("/about")
        assert f"{BASE}/services/ocsp/" in text and f"{BASE}/services/tsp/" in text
        links = re.findall(r'href="(/(?:ca|crl)/[^"]+)"', visitor.page.text)
        assert len(links) == 24
        for link in links:
            assert (await visitor.http.get(link)).status_code == 200, link

    async def test_english(self, visitor: Visitor) -> None:
        assert "Test trust centre" in await visitor.open("/?lang=en")
        assert untranslated("esoz.trust_centre", "en") == untranslated("esoz.trust_centre", "uk") == []


class TestOperator:
    async def test_forms_are_for_the_operator(self, operator: Operator, visitor: Visitor, db: Connection) -> None:
        data = await operator.issue()
        await visitor.open("/issue")
        assert visitor.page.url.path == "/sign-in"
        await visitor.send("/issue", **PERSON)
        await visitor.send(f"/view/{data['id']}/revoke", reason="superseded")
        assert await db.fetchval("select array_agg(status) from certificates") == ["valid"]

    async def test_wrong_key_then_refused(self, visitor: Visitor) -> None:
        await visitor.open("/sign-in")
        await visitor.send("/sign-in", key="wrong")
        assert visitor.page.status_code == 403
        assert "Ключ оператора неправильний." in visitor.text

    async def test_sign_in_and_out(self, visitor: Visitor, db: Connection) -> None:
        await visitor.sign_in()
        assert "Видати ключ" in visitor.text
        await visitor.send("/sign-out")
        assert "Вхід оператора" in visitor.text
        events = await db.fetch("select event from audit_events where event like 'operator.%' order by at, id")
        assert [row["event"] for row in events] == ["operator.signed_in", "operator.signed_out"]

    async def test_issue_then_the_key_file_comes(self, visitor: Visitor, db: Connection) -> None:
        await visitor.sign_in()
        await visitor.open("/issue")
        answer = await visitor.send("/issue", **PERSON)
        assert ".jks" in answer.headers["content-disposition"]
        key, made = open_key_file(answer.content, "пароль").signing
        assert (made.identity.drfo, made.identity.surname) == ("1111111111", "Мирний")
        assert key.public_bits == made.public_bits
        assert await db.fetchval("select count(*) from audit_events where event = 'certificate.issued'") == 1

    async def test_seal_with_a_term_in_the_past(self, visitor: Visitor, db: Connection) -> None:
        await visitor.sign_in()
        await visitor.open("/issue")
        seal = {
            "holder": "seal",
            "surname": "",
            "given_name": "",
            "drfo": "",
            "organization": "Аптека",
            "edrpou": "11111111",
            "format": "p12",
            "valid_from": "2026-01-01",
            "valid_to": "2026-01-31",
        }
        answer = await visitor.send("/issue", **PERSON | seal)
        assert open_key_file(answer.content, "пароль").entries[0].certificate.identity.is_seal
        row = await db.fetchrow("select valid_from, valid_to from certificates")
        assert row["valid_to"] - row["valid_from"] == timedelta(days=31)

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"surname": ""}, "Введіть прізвище."),
            ({"drfo": "1"}, "РНОКПП має 10 цифр"),
            ({"password": ""}, "Введіть пароль до ключа"),
            ({"family": "rsa"}, "Оберіть варіант зі списку."),
            ({"format": ""}, "Оберіть варіант зі списку."),
            ({"valid_to": "2020-01-01"}, "Строк має закінчуватися пізніше"),
            ({"valid_to": "2020-13-01"}, "Введіть справжню дату"),
        ],
    )
    async def test_wrong_field_then_said_and_nothing_is_issued(
        self, visitor: Visitor, db: Connection, change: dict[str, str], words: str
    ) -> None:
        await visitor.sign_in()
        await visitor.open("/issue")
        answer = await visitor.send("/issue", **PERSON | change)
        assert answer.status_code == 422
        assert words in visitor.text
        assert await db.fetchval("select count(*) from certificates") == 0

    async def test_enrol_a_key_of_ones_own(self, visitor: Visitor, db: Connection) -> None:
        await visitor.sign_in()
        await visitor.open("/enrol")
        key = Dstu4145Key.generate(random.Random(5).randbytes)
        await visitor.send("/enrol", files={"request": pkcs10(key, oids.KUPYNA_256)}, **PERSON)
        assert "Сертифікат випущено." in visitor.text and "Мирний Панас Якович" in visitor.text
        made = Certificate.parse(await db.fetchval("select content from certificates"))
        assert made.public_bits == key.public_bits
        for file, words in ((b"nonsense", "Це не запит на сертифікат"), (b"", "Додайте файл запиту")):
            await visitor.open("/enrol")
            await visitor.send("/enrol", files={"request": file} if file else None, **PERSON)
            assert visitor.page.status_code == 422 and words in visitor.text

    async def test_revoke_restore_and_expire(self, operator: Operator, visitor: Visitor, clock: FixedClock) -> None:
        data = await operator.issue()
        await visitor.sign_in()
        path = f"/view/{data['id']}"
        await visitor.open(path)
        await visitor.send(f"{path}/revoke", reason="certificate_hold")
        assert "Сертифікат призупинено." in visitor.text and "Поновити" in visitor.text
        await visitor.send(f"{path}/restore")
        assert "Сертифікат знову чинний." in visitor.text
        await visitor.send(f"{path}/expire")
        assert "строк закінчився" in visitor.text and visitor.page.url.path != path
        await visitor.open(path)
        await visitor.send(f"{path}/revoke", reason="key_compromise")
        assert "Сертифікат скасовано." in visitor.text
        await visitor.send(f"{path}/revoke", reason="key_compromise")
        assert visitor.page.status_code == 409
        await visitor.open(path)
        await visitor.send(f"{path}/revoke", reason="boredom")
        assert visitor.page.status_code == 422

    async def test_form_of_another_site_then_refused(self, operator: Operator, visitor: Visitor) -> None:
        data = await operator.issue()
        await visitor.sign_in()
        answer = await visitor.http.post(f"/view/{data['id']}/revoke", data={"reason": "superseded", "csrf": "0" * 64})
        assert answer.status_code == 403
