"""What a password may be: rules at their edges, and that it is taken exactly as typed (AUTH-10, AUTH-40)."""

import pytest

from esoz.central import identity
from esoz.central.identity import password_faults
from esoz.central.identity.model import GUESSABLE, PASSWORD_LENGTH, PASSWORD_MOST
from esoz.kernel.work import NeedsExternal, Work

EMAIL, PASSWORD = "petro@clinic.example", "  Дуже-довгий-пароль-1  "


def of_length(length: int) -> str:
    return ("Аб1вгдежзик" * 30)[:length]


class TestLength:
    @pytest.mark.parametrize("length", [PASSWORD_LENGTH, 64, PASSWORD_MOST])
    def test_from_twelve_to_256_is_taken(self, length: int) -> None:
        assert password_faults(of_length(length)) == []

    @pytest.mark.parametrize("length", [0, PASSWORD_LENGTH - 1, PASSWORD_MOST + 1])
    def test_shorter_or_longer_is_not(self, length: int) -> None:
        assert password_faults(of_length(length)) != []


class TestGuessable:
    @pytest.mark.parametrize(
        "password",
        [
            "Password1234",
            "Пароль123456!",
            "Ehealth-2026!!",
            "P@ssw0rd1234",
            "Qwerty-Password1",
            "AAAAaaaa1111",
            "Petro-2026-літо",
        ],
    )
    def test_common_words_and_own_names_are_refused(self, password: str) -> None:
        assert password_faults(password, [EMAIL]) == [GUESSABLE]

    @pytest.mark.parametrize("password", ["Зелений-потяг-їде-7", "Correct horse 9 battery"])
    def test_phrase_is_taken(self, password: str) -> None:
        assert password_faults(password, [EMAIL]) == []


class TestExact:
    @pytest.mark.parametrize("typed", [PASSWORD.strip(), PASSWORD.lower(), PASSWORD + " ", PASSWORD[:-1]])
    async def test_other_spaces_or_letters_do_not_open(self, work: Work, typed: str) -> None:
        await identity.create_user(work, email=EMAIL, password=PASSWORD)
        assert await self.opens(work, PASSWORD)
        assert not await self.opens(work, typed)

    async def opens(self, work: Work, typed: str) -> bool:
        for _ in range(2):
            try:
                await identity.prove_password(work, EMAIL, typed)
            except NeedsExternal as need:  # the pipeline awaits it and begins anew
                await need.asking()
            except identity.errors.InvalidCredentials:
                return False
            else:
                return True
        raise AssertionError("the password was not looked at")
