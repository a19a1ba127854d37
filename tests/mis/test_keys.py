"""One's own key (КЕП): registering its certificate, how it stands, its end announced ahead, its history."""

import base64
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from uuid import UUID

import httpx
import pytest

from esoz.kernel.clock import FixedClock
from esoz.kernel.settings import Settings
from esoz.mis.app import Mis
from esoz.mis.sign_in.keys import commands
from esoz.signature import Authority, Issued
from esoz.signature.signing import signed_data
from tests.factories.keys import DAY, Keys
from tests.factories.world import World

from .conftest import MIS_URL, Browser, Consent, Post, come_in, email_of, form_of
from .test_visits import begin_visit, episode_of, fill_in, open_episode, sign, signed_visit

KEY = "/account/key"
OWN = "1234567890"


@pytest.fixture
def keys(authority: Authority, clock: FixedClock) -> Keys:
    return Keys(authority, clock.now())


@pytest.fixture
async def office(mis: Mis, keys: Keys) -> Mis:
    """The workplace whose verifier asks the OCSP service of the test authority."""
    async with mis.services.database.connection() as db:
        await db.execute("update clinics set edrpou = null")
    settings = Settings({"ESOZ_MIS_URL": MIS_URL, "ESOZ_SECRET": "a secret of the tests, long enough"})
    return Mis(settings, replace(mis.services, verifier=keys.verifier()))


@pytest.fixture
async def doctor(office: Mis, consent: Consent, connected: World) -> AsyncIterator[Browser]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(office), base_url=MIS_URL) as client:
        yield await come_in(Browser(client), consent, "DOCTOR", connected.doctor)


async def give(doctor: Browser, file: bytes, **fields: str) -> None:
    """Upload a certificate file, as the first form of the page does."""
    await doctor.get(KEY, **{name: value for name, value in fields.items() if name == "replaces"})
    assert doctor.page is not None
    _action, given = form_of(doctor.page.text, KEY)
    doctor.page = await doctor.client.post(
        KEY, data=given, files={"certificate": ("key.cer", file)}, follow_redirects=True
    )


def tax_id(connected: World) -> str:
    return connected.doctor.tax_id


class TestRegister:
    async def test_from_a_file_then_shown_with_everything_known(
        self, doctor: Browser, keys: Keys, connected: World
    ) -> None:
        own = keys.person(tax_id(connected))
        await give(doctor, own.certificate.der)
        assert "Сертифікат зареєстровано" in doctor.text
        for words in (
            "Лисенко Марко Вигаданий",
            f"{tax_id(connected)} збігається з Вашим",
            "залишилося 265 днів",
            "чинний",
            "Фізична особа",
            "Медичні записи, рецепти й інші документи від свого імені.",
            "Тестовий КНЕДП",
            f"{own.certificate.serial_number:x}",
        ):
            assert words in doctor.text

    async def test_of_the_clinic_then_its_code_matches_as_central_tells_it(
        self, doctor: Browser, office: Mis, connected: World
    ) -> None:
        await give(doctor, connected.doctor.key.certificate.der)
        assert "Ваш заклад" in doctor.text
        assert "також документи закладу" in doctor.text
        async with office.services.database.connection() as db:
            code = await db.fetchval("select edrpou from clinics where id = $1", connected.doctor.client_id)
        assert code == connected.doctor.key.certificate.identity.edrpou

    async def test_of_another_organisation_then_told_so(self, doctor: Browser, keys: Keys, connected: World) -> None:
        key = keys.person(tax_id(connected), organization="Інша клініка", edrpou="99999999")
        await give(doctor, key.certificate.der)
        assert "Інша клініка, код ЄДРПОУ 99999999 інша організація" in doctor.text

    async def test_from_a_bundle_then_the_persons_own_signing_one_is_taken(
        self, doctor: Browser, keys: Keys, connected: World
    ) -> None:
        own = keys.person(tax_id(connected))
        others = [keys.for_encryption(), keys.person("9999999999"), keys.seal()]
        bundle = [*keys.authority.certificates, *(each.certificate for each in others), own.certificate]
        await give(doctor, signed_data("1.2.840.113549.1.7.1", None, bundle, [], "2.16.840.1.101.3.4.2.1"))
        assert f"{own.certificate.serial_number:x}" in doctor.text

    async def test_from_a_key_in_the_browser_then_only_the_certificate_comes(
        self, doctor: Browser, keys: Keys, connected: World
    ) -> None:
        await doctor.get(KEY)
        taken = base64.b64encode(keys.person(tax_id(connected)).certificate.der).decode()
        await doctor.send(KEY, taken=taken)
        assert "із файлу ключа" in doctor.text

    @pytest.mark.parametrize(
        ("make", "words"),
        [
            (lambda keys, own: keys.person("9999999999"), "Сертифікат належить іншій людині"),
            (lambda keys, own: keys.seal(), "Це сертифікат печатки"),
            (lambda keys, own: keys.person(own, ends=-1), "закінчився 21.11.2026"),
            (lambda keys, own: keys.revoke(keys.person(own)), "скасував або заблокував"),
            (lambda keys, own: keys.for_encryption(), "Це сертифікат шифрування"),
        ],
        ids=["foreign", "seal", "expired", "revoked", "encryption"],
    )
    async def test_one_that_may_not_sign_then_refused_with_the_reason(
        self, doctor: Browser, keys: Keys, connected: World, make: Callable[[Keys, str], Issued], words: str
    ) -> None:
        await give(doctor, make(keys, tax_id(connected)).certificate.der)
        assert doctor.page is not None and doctor.page.status_code == 422
        assert words in doctor.text
        await doctor.get(KEY)
        assert "Сертифіката Вашого ключа тут ще немає" in doctor.text

    @pytest.mark.parametrize(
        ("file", "words"), [(b"", "Оберіть файл сертифіката"), (b"%PDF-1.7", "Сертифікат не читається")]
    )
    async def test_something_else_then_told_so(self, doctor: Browser, file: bytes, words: str) -> None:
        await give(doctor, file)
        assert words in doctor.text

    async def test_one_that_begins_later_then_registered_ahead(
        self, doctor: Browser, keys: Keys, connected: World
    ) -> None:
        await give(doctor, keys.person(tax_id(connected), begins=3).certificate.der)
        assert "Сертифікат зареєстровано" in doctor.text
        assert "ще не діє" in doctor.text
        assert "почне діяти лише 25.11.2026" in doctor.text

    async def test_when_the_provider_is_away_then_registered_and_told_so(
        self, doctor: Browser, keys: Keys, connected: World
    ) -> None:
        keys.is_away = True
        await give(doctor, keys.person(tax_id(connected)).certificate.der)
        assert "зараз не вдалося запитати" in doctor.text

    async def test_that_names_nobody_to_ask_then_not_said_to_be_unreachable(
        self, doctor: Browser, connected: World
    ) -> None:
        await give(doctor, connected.doctor.key.certificate.der)
        assert "Не перевіряється." in doctor.text

    async def test_from_the_last_document_when_nothing_was_signed_then_not_offered(
        self, doctor: Browser, office: Mis
    ) -> None:
        async with office.services.database.connection() as db:  # whatever other tests have signed here
            await db.execute("update documents set signed = null")
            await db.execute("update prescriptions set signed = null")
        await doctor.get(KEY)
        assert "Узяти з останнього" not in doctor.text


class TestSigned:
    async def test_signed_here_with_an_unknown_key_then_registered_by_itself(
        self, doctor: Browser, office: Mis, patient_id: UUID, connected: World, post: Post
    ) -> None:
        document_id = await signed_visit(doctor, office, patient_id, connected.doctor, post)
        assert document_id
        await doctor.get(KEY)
        assert "з підписаного документа" in doctor.text
        assert "Востаннє тут підписано: 22.11.2026" in doctor.text
        assert await states(office) == {connected.doctor.key.certificate.fingerprint: "active"}

    async def test_with_a_removed_key_then_it_stays_removed_and_may_be_taken_from_the_document(
        self, doctor: Browser, office: Mis, patient_id: UUID, connected: World, post: Post
    ) -> None:
        await give(doctor, connected.doctor.key.certificate.der)
        async with office.services.database.connection() as db:
            await db.execute("update key_certificates set state = 'removed'")
        await signed_visit(doctor, office, patient_id, connected.doctor, post)
        assert await states(office) == {connected.doctor.key.certificate.fingerprint: "removed"}
        await doctor.get(KEY)
        assert doctor.page is not None
        form = next(form for form in doctor.page.text.split("<form")[1:] if 'name="from"' in form)
        fields = form_of(f"<form{form}", KEY)[1]
        doctor.page = await doctor.client.post(KEY, data=fields, follow_redirects=True)
        assert await states(office) == {connected.doctor.key.certificate.fingerprint: "active"}

    async def test_with_a_revoked_key_then_refused_and_told_where_to_register_the_next(
        self, doctor: Browser, office: Mis, keys: Keys, patient_id: UUID, connected: World, post: Post
    ) -> None:
        key = keys.revoke(keys.person(tax_id(connected)))
        opening = await open_episode(doctor, patient_id)
        document_id = await begin_visit(doctor, patient_id, await episode_of(office, opening))
        await fill_in(doctor, document_id)
        await sign(doctor, document_id, replace(connected.doctor, key=key))
        assert "скасував або заблокував цей сертифікат" in doctor.text
        assert "Новий ключ зареєструйте на сторінці «Мій ключ КЕП»." in doctor.text
        assert await states(office) == {}

    async def test_by_somebody_without_a_tax_number_then_nobodys_key_is_taken(
        self, doctor: Browser, office: Mis, patient_id: UUID, connected: World, post: Post
    ) -> None:
        opening = await open_episode(doctor, patient_id)
        document_id = await begin_visit(doctor, patient_id, await episode_of(office, opening))
        await fill_in(doctor, document_id)
        async with office.services.database.connection() as db:
            await db.execute("update users set tax_id = null where email = $1", email_of("DOCTOR"))
        try:
            await sign(doctor, document_id, connected.doctor)
            assert "немає РНОКПП" in doctor.text
        finally:
            async with office.services.database.connection() as db:
                await db.execute("update users set tax_id = $2 where email = $1", email_of("DOCTOR"), tax_id(connected))


class TestHistory:
    async def test_replaced_then_the_old_one_stays_in_the_history(
        self, doctor: Browser, office: Mis, keys: Keys, connected: World
    ) -> None:
        old, new = keys.person(tax_id(connected), ends=20), keys.person(tax_id(connected))
        await give(doctor, old.certificate.der)
        async with office.services.database.connection() as db:
            id = await db.fetchval("select id from key_certificates")
        await give(doctor, new.certificate.der, replaces=str(id))
        assert "Замінено 22.11.2026" in doctor.text
        assert await states(office) == {
            old.certificate.fingerprint: "replaced",
            new.certificate.fingerprint: "active",
        }

    async def test_removed_then_in_the_history_and_may_be_registered_again(
        self, doctor: Browser, office: Mis, keys: Keys, connected: World
    ) -> None:
        own = keys.person(tax_id(connected))
        await give(doctor, own.certificate.der)
        async with office.services.database.connection() as db:
            id = await db.fetchval("select id from key_certificates")
        await doctor.get(f"{KEY}/{id}/remove")
        await doctor.send(f"{KEY}/{id}/remove")
        assert "Прибрано 22.11.2026" in doctor.text
        assert (await doctor.get(f"{KEY}/{id}/remove")).status_code == 404
        await give(doctor, own.certificate.der)
        assert await states(office) == {own.certificate.fingerprint: "active"}

    async def test_registered_twice_then_told_so(self, doctor: Browser, keys: Keys, connected: World) -> None:
        own = keys.person(tax_id(connected))
        await give(doctor, own.certificate.der)
        await give(doctor, own.certificate.der)
        assert "Цей сертифікат уже зареєстровано" in doctor.text

    async def test_of_somebody_else_then_not_found(
        self, doctor: Browser, office: Mis, keys: Keys, connected: World
    ) -> None:
        await give(doctor, keys.person(tax_id(connected)).certificate.der)
        async with office.services.database.connection() as db:
            id = await db.fetchval(
                "update key_certificates set user_id = (select id from users where email = $1) returning id",
                email_of("RECEPTIONIST"),
            )
        assert (await doctor.get(f"{KEY}/{id}/remove")).status_code == 404


async def states(office: Mis) -> dict[bytes, str]:
    async with office.services.database.connection() as db:
        rows = await db.fetch("select fingerprint, state from key_certificates")
    return {row["fingerprint"]: row["state"] for row in rows}


class TestAnnounced:
    async def test_on_the_desk_when_the_end_is_near(self, doctor: Browser, keys: Keys, connected: World) -> None:
        await give(doctor, keys.person(tax_id(connected), ends=31).certificate.der)
        await doctor.get("/")
        assert "Строк дії ключа КЕП" not in doctor.text
        await give(doctor, keys.person(tax_id(connected), ends=30).certificate.der, replaces=await first_id(doctor))
        await doctor.get("/")
        assert "Строк дії ключа КЕП закінчується Сертифікат діє ще 30 днів. Отримайте новий" in doctor.text

    async def test_by_mail_each_reminder_once(
        self, doctor: Browser, office: Mis, keys: Keys, clock: FixedClock, connected: World
    ) -> None:
        await give(doctor, keys.person(tax_id(connected), ends=31).certificate.der)
        told = []
        for _day in range(33):
            for _again in range(2):
                await commands.remind(office.services)
            async with office.services.database.transaction() as db:
                told += [row["body"] for row in await db.fetch("delete from messages returning body")]
            clock.forward(DAY)
        assert [text.partition("діє ще ")[2].partition(",")[0] for text in told] == [
            "30 дн.",
            "14 дн.",
            "7 дн.",
            "1 дн.",
        ]
        assert f"{MIS_URL}{KEY}" in told[0]


async def first_id(doctor: Browser) -> str:
    await doctor.get(KEY)
    assert doctor.page is not None
    return doctor.page.text.partition("?replaces=")[2][:36]


async def test_a_sign_in_is_needed(office: Mis) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(office), base_url=MIS_URL) as client:
        assert (await client.get(KEY)).headers["location"].startswith("/sign-in")
