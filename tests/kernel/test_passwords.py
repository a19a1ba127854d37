"""Passwords at sign-in: checked beside the requests, bounded, without a connection."""

import asyncio
import unicodedata

import pytest

from esoz.kernel import passwords as module
from esoz.kernel.beside import MOST_WAITING
from esoz.kernel.errors import Unavailable
from esoz.kernel.passwords import AT_ONCE, SECONDS, Passwords
from esoz.kernel.work import NeedsExternal

PASSWORD = "Пароль-для-входу-1"


async def answered(passwords: Passwords, stored: str | None, password: str, whose: str = "a@clinic.test") -> bool:
    """As the request pipeline does it."""
    with pytest.raises(NeedsExternal) as need:
        passwords.proven(stored, password, whose=whose)
    await need.value.asking()
    return passwords.proven(stored, password, whose=whose)


class TestSpelling:
    """A password is the same however a machine writes й and ї, and whenever it was set."""

    @pytest.mark.parametrize("form", ["NFC", "NFD"])
    @pytest.mark.parametrize("typed", ["NFC", "NFD"])
    async def test_set_on_one_machine_and_typed_on_another_then_right(self, form: str, typed: str) -> None:
        password = "Їжакова-й-паща-1"
        for stored in (
            await Passwords().hash(unicodedata.normalize(form, password)),
            module._hasher.hash(unicodedata.normalize(form, password)),  # as it was kept before
        ):
            assert await Passwords().matches(stored, unicodedata.normalize(typed, password))
            assert not await Passwords().matches(stored, unicodedata.normalize(typed, password.replace("й", "и")))

    async def test_space_that_does_not_break_then_is_a_space(self) -> None:
        assert await Passwords().matches(await Passwords().hash("Два слова-1"), "Два\u00a0слова-1")


class TestProven:
    async def test_right_and_wrong_and_nobody_then_told_after_asking(self) -> None:
        passwords = Passwords()
        stored = await passwords.hash(PASSWORD)
        assert await answered(passwords, stored, PASSWORD)
        assert not await answered(passwords, stored, "інший пароль")
        assert not await answered(passwords, None, PASSWORD)

    async def test_answer_of_one_name_then_not_used_for_another(self) -> None:
        passwords = Passwords()
        stored = await passwords.hash(PASSWORD)
        await answered(passwords, stored, PASSWORD, "a@clinic.test")
        with pytest.raises(NeedsExternal):
            passwords.proven(stored, PASSWORD, whose="b@clinic.test")

    async def test_changed_hash_then_asked_again(self) -> None:
        passwords = Passwords()
        await answered(passwords, await passwords.hash(PASSWORD), PASSWORD)
        with pytest.raises(NeedsExternal):
            passwords.proven(await passwords.hash("Новий-пароль-2026"), PASSWORD, whose="a@clinic.test")

    async def test_answer_used_then_asked_again(self) -> None:
        passwords = Passwords()
        stored = await passwords.hash(PASSWORD)
        await answered(passwords, stored, PASSWORD)
        assert await answered(passwords, stored, PASSWORD)

    async def test_copies_of_one_try_at_once_then_each_gets_its_answer(self) -> None:
        passwords = Passwords()
        stored = await passwords.hash(PASSWORD)
        assert await asyncio.gather(*(answered(passwords, stored, PASSWORD) for _ in range(10))) == [True] * 10
        with pytest.raises(NeedsExternal):
            passwords.proven(stored, PASSWORD, whose="a@clinic.test")

    async def test_old_answer_then_forgotten(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "SECONDS_KEPT", -1.0)
        passwords = Passwords()
        for name in ("a", "b"):
            with pytest.raises(NeedsExternal) as need:
                passwords.proven(None, PASSWORD, whose=name)
            await need.value.asking()
        assert len(passwords._proven) == 1


async def test_more_than_can_be_hashed_in_time_then_unavailable_with_a_time() -> None:
    passwords = Passwords()
    found = await asyncio.gather(
        *(passwords.matches(None, "x") for _ in range(MOST_WAITING + AT_ONCE + 1)), return_exceptions=True
    )
    refused = [each for each in found if isinstance(each, Unavailable)]
    assert refused
    assert int(refused[0].headers["Retry-After"]) > SECONDS
    assert not await passwords.matches(None, "x")
