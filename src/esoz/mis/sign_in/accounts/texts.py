"""Ways to sign in, in words."""

from esoz.kernel.pages import mark as _

from .model import Method

METHODS = {
    Method.PASSWORD: _("Пароль"),
    Method.CODE: _("Пароль і код із застосунку"),
    Method.RECOVERY_CODE: _("Пароль і код відновлення"),
    Method.KEY: _("КЕП"),
    Method.PASSKEY: _("Ключ доступу"),
}
