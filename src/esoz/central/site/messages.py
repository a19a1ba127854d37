"""Refusals at sign-in in words for people: what happened and what to do next."""

from collections.abc import Mapping

from esoz.central.identity import errors
from esoz.kernel.errors import Conflict, Forbidden, Problem
from esoz.kernel.pages import faults, mark
from esoz.kernel.pages.display import clock_time

from .frame import Page

WRONG = mark("Адреса електронної пошти або пароль неправильні.")
PAUSED = mark("Забагато неправильних паролів. Вхід за паролем зупинено до {time}: зачекайте й увійдіть знову.")
BLOCKED = mark("Користувача заблоковано. Зверніться до адміністратора ЕСОЗ.")
WRONG_CODE = mark("Код неправильний. Перевірте SMS і введіть код ще раз.")
OLD_CODE = mark("Строк дії коду минув. Замовте новий код.")
NO_MORE_TRIES = mark("Спроби вичерпано, вхід заблоковано. Зверніться до адміністратора ЕСОЗ.")
TOO_OFTEN = mark("Коди надсилаються не частіше ніж тричі на хвилину. Зачекайте хвилину.")
OVER = mark("Час на вхід минув. Почніть вхід спочатку.")
UNKNOWN_KEY = mark("За цим ключем користувача не знайдено. Увійдіть за паролем або зверніться до керівника закладу.")
BAD_PHONE = mark("Введіть номер у вигляді +380671234567.")
WRONG_CURRENT = mark("Чинний пароль неправильний.")
SHORT = mark("Пароль має містити щонайменше 12 символів.")
LONG = mark("Пароль має бути не довший за 256 символів.")
SIMPLE = mark("Пароль має містити малу й велику літери та цифру.")
EASY = mark("Цей пароль легко вгадати. Придумайте інший: без поширених слів і без Вашої пошти.")
USED = mark("Цей пароль уже був Вашим. Придумайте інший.")
SIGNATURE = mark("Підпис не прийнято. Спробуйте ще раз або скористайтеся іншим ключем.")
OLD_PAGE = mark("Сторінка застаріла. Підпишіть запит на вхід ще раз.")
SENT = mark("Новий код надіслано.")
IMPOSSIBLE = mark("Дію не виконано. Спробуйте ще раз.")

CAPTCHA = mark("З Вашої адреси було багато неправильних паролів. Зачекайте перевірки браузера й увійдіть ще раз.")
ENDED = mark("Підписаний запит некоректний або прострочений. Почніть спочатку у своєму кабінеті.")
HAS_ACCOUNT = mark("Ви вже зареєстровані. Увійдіть до свого кабінету.")
KNOWN = mark("Цю людину вже зареєстровано. Увійдіть від її імені або зверніться до закладу.")
NOT_CONFIRMED = mark(
    "Державні реєстри не підтверджують, що Ви представляєте цю людину. Зверніться до закладу з документами."
)
NOT_RELATED = mark("За даними ЕСОЗ Ви не представляєте цю людину. Зверніться до закладу з документами.")
NOT_FOUND = mark("Вас немає в реєстрі пацієнтів. Спершу зареєструйтеся самі.")
OTHER_NAME = mark("У Вашому сертифікаті інше ім’я або прізвище. Виправте їх у своєму кабінеті й підпишіть ще раз.")
NO_DATA = mark("Кабінет не передав підписаного запиту. Почніть спочатку у своєму кабінеті.")
CHOOSE = mark("Оберіть, від чийого імені Ви дієте.")
WRONG_SMS = mark("Код неправильний. Перевірте SMS і введіть код ще раз.")
NO_MORE_CODES = mark("Спроби вичерпано. Почніть реєстрацію спочатку.")

_KINDS: Mapping[type[Problem], str] = {
    errors.UserBlocked: BLOCKED,
    errors.CodeInvalid: WRONG_CODE,
    errors.CodeExpired: OLD_CODE,
    errors.CodeAttemptsExhausted: NO_MORE_TRIES,
    errors.CodesTooOften: TOO_OFTEN,
    errors.InvalidToken: OVER,
    errors.CaptchaNeeded: CAPTCHA,
    errors.UserNotRegistered: UNKNOWN_KEY,
}
_PASSWORD = {
    "should be at least 12 character(s)": SHORT,
    "should be at most 256 character(s)": LONG,
    "Password does not meet complexity requirements": SIMPLE,
    "This password is too easy to guess": EASY,
    "This password has been used recently. Try another one": USED,
}


_OF_PATIENTS: Mapping[str, str] = {
    "User with such tax_id already exists": HAS_ACCOUNT,
    "Such person already exists": KNOWN,
    "Can’t confirm relationship": NOT_CONFIRMED,
    "Relation between persons is not found": NOT_RELATED,
    "Person is not found": NOT_FOUND,
}


def of_patient(refusal: Problem) -> str:
    """The sentence for a refusal on the way of a patient."""
    if isinstance(refusal, Conflict | Forbidden):
        return _OF_PATIENTS.get(refusal.message, IMPOSSIBLE)
    if any(each.description.endswith("match name from DS") for each in refusal.invalid):
        return OTHER_NAME
    return _KINDS.get(type(refusal), ENDED)


def of_refusal(page: Page, refusal: Problem, *, wrong: str = WRONG) -> str:
    """The words for a refusal; of a wrong secret with what is left. `wrong`: what is said of a wrong password."""
    if isinstance(refusal, errors.PasswordRefused):
        return _of_password(page, refusal, wrong)
    words = page.gettext(_KINDS.get(type(refusal), IMPOSSIBLE))
    if isinstance(refusal, errors.CodeInvalid) and refusal.tries_left is not None:
        left = page.ngettext(
            "Залишилася %(num)d спроба, потім код не діятиме або вхід буде заблоковано.",
            "Залишилося %(num)d спроб, потім код не діятиме або вхід буде заблоковано.",
            refusal.tries_left,
        )
        return f"{words} {left}"
    return words


def _of_password(page: Page, refusal: errors.PasswordRefused, wrong: str) -> str:
    """A try that begins a pause is answered with the pause: whoever reads of a wrong password alone goes on trying."""
    if refusal.paused_until:
        return page.gettext(PAUSED).format(time=clock_time(refusal.paused_until))
    left = page.ngettext(
        "Залишилася %(num)d спроба, потім вхід за паролем буде зупинено.",
        "Залишилося %(num)d спроб, потім вхід за паролем буде зупинено.",
        refusal.tries_left,
    )
    return f"{page.gettext(wrong)} {left}"


def password_fault(refusal: Problem) -> str:
    """The sentence for a new password that may not be taken."""
    found = next(iter(faults(refusal).values()), "")
    return _PASSWORD.get(found, IMPOSSIBLE)
