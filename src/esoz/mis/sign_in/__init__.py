"""Signing in: passwords, codes, keys and passkeys, sessions and their lock."""

from esoz.mis.base.services import MisSection
from esoz.mis.sign_in.factors.pages import section as factors_section
from esoz.mis.sign_in.factors.staff import section as colleagues_section
from esoz.mis.sign_in.key_sign_in.pages import section as key_sign_in_section
from esoz.mis.sign_in.keys.pages import section as keys_section
from esoz.mis.sign_in.login.pages import section as login_section
from esoz.mis.sign_in.passkeys.pages import section as passkeys_section
from esoz.mis.sign_in.passwords.pages import section as passwords_section
from esoz.mis.sign_in.recovery.pages import section as recovery_section
from esoz.mis.sign_in.sessions.pages import section as sessions_section

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
