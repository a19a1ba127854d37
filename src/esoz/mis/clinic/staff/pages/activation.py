"""Signing in for the first time: a password is chosen by the link of the mail."""

from esoz.kernel.pages import mark as _
from esoz.mis.sign_in.passwords import PasswordLink, add_link_pages

from ..commands.activation import spend
from ..queries.activation import user_of
from .registry import pages

CHOSEN = _("Пароль задано. Увійдіть із ним.")

add_link_pages(
    pages,
    PasswordLink("/welcome", user_of, spend, "staff/welcome.html", "staff/link_over.html", CHOSEN),
)
