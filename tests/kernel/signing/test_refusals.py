"""Every key that may not sign is refused on a page, with the reason in Ukrainian and what to do next."""

# ruff: noqa: F811 fixtures of the example site

import random
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import httpx
import pytest

from esoz.gateways.signed_files import SignedFiles
from esoz.gateways.verifier import Mode
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Database
from esoz.kernel.pages import translations
from esoz.kernel.signing import Signing
from esoz.kernel.signing.refusals import PLAIN, TEXTS
from esoz.signature import Authority, Issued, SignatureError, errors, sign
from tests.emptying import empty_tables
from tests.factories.keys import Keys
from tests.kernel.pages.conftest import BASE_URL, clock, database  # noqa: F401 the example's own fixtures
from tests.kernel.pages.example import site as example
from tests.kernel.pages.test_site import hidden, sign_in

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
OWN = "1234567890"  # whose signature the example asks for


def authority(name: str, seed: int) -> Authority:
    return Authority.create(name, scheme="dstu-gost", random=random.Random(seed).randbytes, at=NOW.replace(year=2024))


@pytest.fixture(scope="module")
def keys() -> Keys:
    return Keys(authority("КНЕДП «Зразок»", 7), NOW)


@pytest.fixture(scope="module")
def strangers() -> Keys:
    return Keys(authority("КНЕДП «Невідомий»", 8), NOW)


@pytest.fixture(scope="module")
def testers() -> Keys:
    return Keys(authority("Тестовий ЦСК", 9), NOW)


@pytest.fixture
async def browser(database: Database) -> AsyncIterator[Callable]:
    """Signs the example's document on its page with a key, as the site's verifier sees it; the answer."""
    async with database.connection() as db:
        await empty_tables(db, "remote_signings", "sessions", "form_tokens", "records")

    async def send(verifier, key: Issued, *, language: str = "uk") -> httpx.Response:
        site = example.make(database, FixedClock(NOW), BASE_URL, Signing(SignedFiles(verifier)))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url=BASE_URL) as client:
            await sign_in(client)
            page = await client.get("/sign", params={"lang": language})
            document = sign(example.CONTENT, key.key, key.certificate, at=NOW)
            file = {"signed_file": ("declaration.json.p7s", document)}
            return await client.post("/sign", data={"csrf": hidden(page, "csrf")}, files=file)

    yield send


CASES: dict[str, tuple[Callable[[Keys], Issued], str]] = {
    "expired": (lambda keys: keys.person(ends=-1), "закінчився 21.11.2026. Отримайте новий ключ у свого надавача"),
    "not yet valid": (lambda keys: keys.person(begins=2), "почне діяти лише 24.11.2026. До того підписуйте попереднім"),
    "revoked": (lambda keys: keys.revoke(keys.person()), "скасував або заблокував цей сертифікат. Зверніться до нього"),
    "foreign": (lambda keys: keys.person("9999999999"), "Ключ належить іншій людині: Лисенко Марко"),
    "without a tax number": (lambda keys: keys.person(""), "У сертифікаті немає РНОКПП"),
    "seal": (lambda keys: keys.seal(), "Це печатка організації (код ЄДРПОУ 00000002), а документ підписує людина"),
    "for encryption": (lambda keys: keys.for_encryption(), "для шифрування, а не для підпису. Оберіть ключ підпису"),
}


class TestRefused:
    @pytest.mark.parametrize("case", CASES)
    async def test_key_then_told_why_and_what_to_do(self, browser, keys, case):
        make, words = CASES[case]
        answer = await browser(keys.verifier(), make(keys))
        assert answer.status_code == 422
        assert words in answer.text.replace("&#39;", "'")

    async def test_key_of_an_unknown_authority_then_named(self, browser, keys, strangers):
        answer = await browser(keys.verifier(), strangers.person())
        assert "Ключ видав «КНЕДП «Невідомий»», а цього надавача немає в довірчому списку" in answer.text

    @pytest.mark.parametrize("is_trusted", [True, False])
    async def test_test_key_outside_of_the_sandbox_then_refused_trusted_or_not(
        self, browser, keys, testers, is_trusted
    ):
        verifier = (testers if is_trusted else keys).verifier(takes_test_keys=False)
        answer = await browser(verifier, testers.person())
        assert answer.status_code == 422
        assert "Це тестовий ключ, його видав «Тестовий ЦСК»" in answer.text

    async def test_when_the_provider_is_away_and_every_signature_must_be_proven_then_told_to_wait(self, browser):
        keys = Keys(authority("КНЕДП «Зразок»", 7), NOW, is_away=True)
        answer = await browser(keys.verifier(mode=Mode.HARD), keys.person())
        assert "Спробуйте ще раз за кілька хвилин" in answer.text

    async def test_in_english_then_in_english(self, browser, keys):
        answer = await browser(keys.verifier(), keys.person(ends=-1), language="en")
        assert "expired on 21.11.2026" in answer.text


class TestTaken:
    async def test_good_key_then_taken_and_its_provider_asked_once(self, browser):
        keys = Keys(authority("КНЕДП «Зразок»", 7), NOW)
        assert (await browser(keys.verifier(), keys.person())).status_code == 303
        assert keys.questions == 1

    async def test_test_key_in_the_sandbox_then_taken(self, browser, testers):
        assert (await browser(testers.verifier(), testers.person())).status_code == 303

    async def test_when_the_provider_is_away_then_taken(self, browser):
        keys = Keys(authority("КНЕДП «Зразок»", 7), NOW, is_away=True)
        assert (await browser(keys.verifier(), keys.person())).status_code == 303


def test_every_error_of_the_signature_library_has_words_in_both_languages():
    codes = {each.code for each in vars(errors).values() if isinstance(each, type) and issubclass(each, SignatureError)}
    # No page opens key files, asks services through the library, or hands it things of a wrong kind.
    elsewhere = {"signature_error", "wrong_password", "no_service", "wrong_argument"}
    assert codes - elsewhere <= TEXTS.keys() | PLAIN.keys()
    english = translations.load("en", ["esoz.kernel"])
    texts = [*TEXTS.values(), *PLAIN.values()]
    assert [text for text in texts if english.gettext(text) == text] == []
