"""Ways to sign in, in words."""

from collections.abc import Mapping

from esoz.kernel.pages import mark as _

from .model import Method

METHODS: Mapping[str, str] = {
    Method.PASSWORD: _("Пароль"),
    Method.CODE: _("Пароль і код із застосунку"),
    Method.RECOVERY_CODE: _("Пароль і код відновлення"),
    Method.KEY: _("КЕП"),
    Method.PASSKEY: _("Ключ доступу"),
}
