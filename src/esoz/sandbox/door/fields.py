"""Fields that several forms ask: telephones and names, read or told to be wrong."""

import re

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.reading import Reading

_PHONE = re.compile(r"(?:\+?38)?(0\d{9})", re.ASCII)
NOT_OF_PHONE = re.compile(r"[\s()\-.]")
_NAME = re.compile(r"[А-ЩЬЮЯҐЇІЄа-щьюяґїіє'’ʼ\-\s]{1,100}")

WRONG_PHONE = _("Введіть номер телефону, наприклад 067 123 45 67.")
NO_PHONE = _("Введіть номер телефону.")
NO_NAME = _("Введіть ім’я українськими літерами.")
NO_SURNAME = _("Введіть прізвище українськими літерами.")


def phone_of(form: Reading, name: str) -> str:
    typed = NOT_OF_PHONE.sub("", form.typed(name))
    found = _PHONE.fullmatch(typed)
    if found is None:
        form.fault(name, WRONG_PHONE if typed else NO_PHONE)
    return f"+38{found[1]}" if found else ""


def name_of(form: Reading, name: str, wrong: str) -> str:
    typed = form.typed(name)
    if _NAME.fullmatch(typed) is None:
        form.fault(name, wrong)
    return typed
