"""The explanations: central's texts, its codes of signatures, types and statuses."""

import re
from collections.abc import Mapping, Sequence

from esoz.kernel.pages import mark as _

Text = tuple[str, str]  # what happened, what to do

AGAIN = _("Підпишіть ще раз: на цій сторінці вже є свіжий запит на вхід.")
LATER = _("Спробуйте за кілька хвилин.")
CALL = _("Якщо не допоможе, зателефонуйте до контакт-центру 0-800-60-20-19 і назвіть номер запиту.")
OPERATOR = _("Це помилка налаштування, а не Ваша. Зателефонуйте до контакт-центру 0-800-60-20-19.")

UNKNOWN: Text = (_("ЕСОЗ відмовила, а пояснення цієї відмови ще немає."), CALL)
NOT_CONNECTED: Text = (_("ЕСОЗ не впізнала кабінету."), OPERATOR)
OLD_NONCE: Text = (_("Запит на вхід застарів: його можна підписати протягом 15 хвилин і лише один раз."), AGAIN)
NOT_REGISTERED: Text = (
    _("Людини з РНОКПП Вашого ключа немає в ЕСОЗ."),
    _(
        "Оберіть сімейного лікаря, терапевта або педіатра й підпишіть із ним декларацію: лікар внесе Вас до ЕСОЗ,"
        " і кабінет відкриється того ж дня. Візьміть паспорт і РНОКПП. Якщо декларація вже є, попросіть у закладі"
        " перевірити Ваш РНОКПП."
    ),
)
NOT_ACTIVE: Text = (
    _("Ваш запис в ЕСОЗ неактивний."),
    _("Зверніться до закладу, де Ви підписали декларацію, або до контакт-центру 0-800-60-20-19."),
)
NOT_PERSONAL: Text = (
    _("Підписано печаткою організації або кілька разів. Кабінет відкриває лише особистий ключ, один підпис."),
    _("Підпишіть одним разом, особистим КЕП фізичної особи."),
)
DAMAGED: Text = (
    _("Підпис не читається або його змінено."),
    _("Підпишіть ще раз. Для підпису в іншому застосунку оберіть формат CAdES (.p7s), у якому є сам документ."),
)
TOKEN: Text = (_("Сеанс в ЕСОЗ завершено."), _("Увійдіть ще раз."))
GONE: Text = (_("Такого запису у Вас немає."), _("Поверніться до списку й оберіть запис іще раз."))

CLOSED: Text = (
    _("Цю декларацію вже підписано, скасовано, або час на підпис минув."),
    _("Подивіться на сторінці «Мій лікар», чи є чинна декларація. Якщо немає, оберіть лікаря ще раз."),
)
NOT_CHOSEN: Text = (
    _("Цей лікар зараз не приймає декларацій у цьому закладі."),
    _("Оберіть іншого лікаря або зателефонуйте до закладу, щоб дізнатися, коли це буде можливо."),
)
CHOICE: Sequence[tuple[str, Text]] = (
    (
        r"could not sign more",
        (
            _("У цього лікаря вже стільки пацієнтів, скільки дозволено."),
            _("Оберіть іншого лікаря або запитайте в закладі, коли звільниться місце."),
        ),
    ),
    (
        r"speciality doesn't match",
        (
            _("Цей лікар не веде людей Вашого віку: педіатр лікує до 18 років, терапевт – від 18."),
            _("Оберіть сімейного лікаря або лікаря для Вашого віку."),
        ),
    ),
    (
        r"employee (does not exist|does not belong|is not approved|id must reference)|division (does not|is not active)"
        r"|legal entity (is not|type)|invalid legal entity",
        NOT_CHOSEN,
    ),
    (r"incorrect status|invalid transition|should be approved by", CLOSED),
    (
        r"signer drfo",
        (
            _("Декларацію підписано ключем іншої людини."),
            _("Підпишіть своїм ключем: тим, яким Ви заходите до кабінету."),
        ),
    ),
    (
        r"previously created content|must sign declaration form",
        (_("Підписано не той текст."), _("Підпишіть ще раз саме той текст, який показано на сторінці.")),
    ),
    (
        r"declaration is not active",
        (_("Ця декларація вже не чинна."), _("Поверніться до сторінки «Мій лікар»: там є всі Ваші декларації.")),
    ),
)

# Central's own words come first: they say more than its codes.
TEXTS: Sequence[tuple[re.Pattern[str], Text]] = tuple(
    (re.compile(pattern, re.IGNORECASE), text)
    for pattern, text in (
        *CHOICE,
        (r"api-key", NOT_CONNECTED),
        (r"person is not found", NOT_REGISTERED),
        (r"person is not active|such person not found", NOT_ACTIVE),
        (
            r"invalid drfo",
            (
                _("У сертифікаті немає ні РНОКПП, ні паспорта, ні УНЗР, тому ЕСОЗ не знає, чий це ключ."),
                _("Скористайтеся ключем, у якому вони є. Такий видають Дія, податкова служба, банки."),
            ),
        ),
        (r"document must contain 1 signature", NOT_PERSONAL),
        (r"property jwt|signed content", (_("Підписано інший документ."), AGAIN)),
        (r"not a base64", DAMAGED),
        (r"scope is not allowed|missing allowances", (_("ЕСОЗ не дозволила кабінету показати ці дані."), OPERATOR)),
    )
)

# The codes of esoz.signature: central names them as the rule of the fault.
BY_RULE: Mapping[str, Text] = {
    "expired": (
        _("Строк дії сертифіката закінчився."),
        _("Отримайте новий КЕП у свого надавача або в застосунку Дія й увійдіть ще раз."),
    ),
    "not_yet_valid": (
        _("Строк дії сертифіката ще не почався."),
        _("Перевірте у властивостях ключа, коли він починає діяти."),
    ),
    "untrusted": (
        _("Сертифікат видав надавач, якого немає в довірчому списку."),
        _("Якщо надавач кваліфікований (перелік: czo.gov.ua), інший ключ не потрібен: спробуйте пізніше."),
    ),
    "revoked": (
        _("Сертифікат скасовано або заблоковано."),
        _("Зверніться до надавача, який його видав, або скористайтеся іншим ключем."),
    ),
    "not_for_signing": (
        _("Цей ключ не призначено для підпису."),
        _("Оберіть ключ електронного підпису, а не шифрування чи печатки."),
    ),
    "no_certificate": (_("У підписі немає сертифіката."), _("Додайте сертифікат до підпису й увійдіть ще раз.")),
    "unsupported": (
        _("Підпис створено невідомим ЕСОЗ способом."),
        _("Скористайтеся ключем кваліфікованого надавача України."),
    ),
    "unreadable": DAMAGED,
    "wrong_content": DAMAGED,
    "not_for_signature": DAMAGED,
    "wrong_signature": DAMAGED,
}

BY_TYPE: Mapping[str, Text] = {
    "jwt_invalid": OLD_NONCE,
    "invalid_client": NOT_CONNECTED,
    "invalid_grant": NOT_CONNECTED,
    "user_blocked": (
        _("Ваш обліковий запис в ЕСОЗ заблоковано."),
        _("Зателефонуйте до контакт-центру 0-800-60-20-19 і дізнайтеся причину."),
    ),
    "token_expired": TOKEN,
    "access_denied": TOKEN,
    "forbidden": (_("ЕСОЗ не дозволила цієї дії."), CALL),
    "not_found": GONE,
    "too_many_requests": (_("Забагато запитів до ЕСОЗ."), LATER),
}

BY_STATUS: Mapping[int, Text] = {
    401: TOKEN,
    403: BY_TYPE["forbidden"],
    404: GONE,
    422: (_("ЕСОЗ не прийняла запиту."), CALL),
    500: (_("Сталася помилка всередині ЕСОЗ."), LATER),
}
