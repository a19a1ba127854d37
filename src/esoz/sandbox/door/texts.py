"""What central's refusals mean to who stands at the door, with what to do next."""

import re
from collections.abc import Mapping, Sequence

from esoz.kernel.pages import mark as _
from esoz.sdk import CentralRefused, Explanation, Explanations, Text

LATER = _("Спробуйте за кілька хвилин.")
CALL = _("Якщо не допоможе, зателефонуйте до контакт-центру 0-800-60-20-19 і назвіть номер запиту.")
OTHER_DOCTOR = _("Оберіть іншого лікаря.")
AGAIN = _("Поверніться на крок назад і підпишіть ще раз.")

UNKNOWN: Text = (_("ЕСОЗ відмовила, а пояснення цієї відмови ще немає."), CALL)
OLD_NONCE: Text = (
    _("Запит застарів: його можна підписати протягом 15 хвилин і лише один раз."),
    _("На цій сторінці вже є свіжий запит: підпишіть його."),
)
DAMAGED: Text = (_("Підпис не читається або його змінено."), AGAIN)
NOT_ACTIVE: Text = (
    _("Ваш запис в ЕСОЗ неактивний."),
    _("Зверніться до закладу, де Ви підписали декларацію, або до контакт-центру 0-800-60-20-19."),
)
CLINIC_CLOSED: Text = (_("Цей заклад зараз не укладає декларацій."), OTHER_DOCTOR)
DOCTOR_GONE: Text = (_("Цей лікар тут більше не приймає."), OTHER_DOCTOR)
FORBIDDEN: Text = (_("ЕСОЗ не дозволила цієї дії."), CALL)
GONE: Text = (_("Такого запису у Вас немає."), _("Поверніться до списку й оберіть запис іще раз."))
TOKEN: Text = (_("Сеанс в ЕСОЗ завершено."), _("Увійдіть ще раз."))

# Central's own words come first: they say more than its codes.
TEXTS: Sequence[tuple[re.Pattern[str], Text]] = tuple(
    (re.compile(pattern, re.IGNORECASE), text)
    for pattern, text in (
        (
            r"could not sign more",
            (_("У цього лікаря вже немає вільних місць."), _("Оберіть лікаря з позначкою «є місця».")),
        ),
        (
            r"speciality doesn't match patient's age",
            (
                _("Цей лікар не веде пацієнтів Вашого віку."),
                _("Дітей до 18 років веде педіатр, дорослих терапевт, сімейний лікар веде всіх. Оберіть іншого."),
            ),
        ),
        (r"legal entity|is not verified", CLINIC_CLOSED),
        (r"employee|division", DOCTOR_GONE),
        (r"person is not active|such person not found", NOT_ACTIVE),
        (
            r"incorrect status|invalid transition",
            (_("Цей запит уже підписано, скасовано або його строк минув."), _("Оберіть лікаря ще раз.")),
        ),
        (r"declaration is not active", (_("Цю декларацію вже припинено."), _("Робити нічого не потрібно."))),
        (r"does not match the previously created content", (_("Текст для підпису змінився."), AGAIN)),
        (
            r"does not match the signer|name from ds|invalid drfo",
            (
                _("Підпис належить іншій людині, або дані в ньому записано інакше."),
                _("Перевірте, чи збігаються прізвище, ім’я та РНОКПП у паспорті й у підписі."),
            ),
        ),
        (
            r"user with such tax_id already exists",
            (_("Ви вже зареєстровані в ЕСОЗ."), _("Увійдіть своїм підписом.")),
        ),
        (
            r"confidant person is mandatory|by a third person|type birth_certificate",
            (
                _("Дитину до 14 років реєструють батьки або інший законний представник."),
                _("Зверніться до закладу: потрібні свідоцтво про народження й документ представника."),
            ),
        ),
        (
            r"unverified phone",
            (_("Телефон ще не підтверджено."), _("Введіть код, який щойно надійшов на нього.")),
        ),
        (r"verification code expired", (_("Строк дії коду минув."), _("Надішліть код ще раз."))),
        (r"maximum attempts exceed", (_("Спроби вичерпано."), _("Надішліть код ще раз за хвилину."))),
        (r"invalid verification code", (_("Код неправильний."), _("Перевірте SMS і введіть код ще раз."))),
        (
            r"such person already exists",
            (
                _("Людину з таким паспортом уже зареєстровано в ЕСОЗ."),
                _("Якщо це Ви, зверніться з паспортом і РНОКПП до будь-якого закладу: там допишуть Ваш РНОКПП."),
            ),
        ),
        (
            r"phone number is present more than",
            (_("В ЕСОЗ цей номер уже підтверджує дії п’ятьох людей."), _("Введіть інший номер телефону.")),
        ),
        (
            r"unzr|person's tax id|ukrainian names|pattern of the document|document issued|settlement with|birth date",
            (_("Дані в документах не збігаються з реєстрами."), _("Зверніться з документами до будь-якого закладу.")),
        ),
        (
            r"is not uploaded",
            (
                _("До цієї зміни потрібні копії документів."),
                _("Подайте її в кабінеті пацієнта або в закладі: там можна додати копії."),
            ),
        ),
        (r"document must contain 1 signature|not a base64", DAMAGED),
    )
)

# The codes of esoz.signature: central names them as the rule of the fault.
BY_RULE: Mapping[str, Text] = {
    "expired": (_("Строк дії Вашого підпису закінчився."), _("Отримайте новий підпис і спробуйте ще раз.")),
    "not_yet_valid": (_("Строк дії Вашого підпису ще не почався."), LATER),
    "revoked": (_("Ваш підпис скасовано або заблоковано."), _("Отримайте новий підпис і спробуйте ще раз.")),
    "untrusted": (_("Підпис видав надавач, якого немає в довірчому списку."), CALL),
    "unreadable": DAMAGED,
    "wrong_content": DAMAGED,
    "wrong_signature": DAMAGED,
}

BY_TYPE: Mapping[str, Text] = {
    "jwt_invalid": OLD_NONCE,
    "invalid_client": (_("ЕСОЗ не впізнала застосунку."), CALL),
    "invalid_grant": (_("ЕСОЗ не впізнала застосунку."), CALL),
    "user_blocked": (
        _("Ваш обліковий запис в ЕСОЗ заблоковано."),
        _("Зателефонуйте до контакт-центру 0-800-60-20-19 і дізнайтеся причину."),
    ),
    "token_expired": TOKEN,
    "access_denied": TOKEN,
    "forbidden": FORBIDDEN,
    "not_found": GONE,
    "too_many_requests": (_("Забагато запитів до ЕСОЗ."), LATER),
}

BY_STATUS: Mapping[int, Text] = {
    401: TOKEN,
    403: FORBIDDEN,
    404: GONE,
    422: (_("ЕСОЗ не прийняла запиту."), CALL),
    500: (_("Сталася помилка всередині ЕСОЗ."), LATER),
}

_EXPLANATIONS = Explanations(TEXTS, BY_RULE, BY_TYPE, BY_STATUS, UNKNOWN)


def explain(refused: CentralRefused) -> list[Explanation]:
    """Every fault of a refusal, each explanation once; at least one."""
    return _EXPLANATIONS.of(refused)
