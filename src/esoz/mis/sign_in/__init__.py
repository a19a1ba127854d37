"""Signing in: passwords, codes, keys and passkeys, sessions and their lock."""

from esoz.mis.base.services import MisSection

from .colleagues.pages import section as colleagues_section
from .factors.pages import section as factors_section
from .key_sign_in.pages import section as key_sign_in_section
from .keys.pages import section as keys_section
from .login.pages import section as login_section
from .passkeys.pages import section as passkeys_section
from .passwords.pages import section as passwords_section
from .recovery.pages import section as recovery_section
from .sessions.pages import section as sessions_section

SECTIONS: tuple[MisSection, ...] = (
    login_section,
    sessions_section,
    passwords_section,
    passkeys_section,
    key_sign_in_section,
    factors_section,
    colleagues_section,
    recovery_section,
    keys_section,
)
