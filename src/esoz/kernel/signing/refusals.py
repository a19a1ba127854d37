"""Why a signature was not taken, in words for the person: the reason, and what to do next."""

from collections.abc import Mapping
from datetime import datetime

from ..errors import Rejected
from ..pages.display import short_date
from ..pages.page import Page, Services, User
from ..pages.translations import mark as _
from .certificates import KeyCertificate, KeyRefused
from .wanted import SignerRefused

# By the rules of the verifier's refusals; those with names and dates need the key's certificate.
TEXTS: dict[str, str] = {
    "expired": _(
        "Строк дії сертифіката закінчився %(ends)s. Отримайте новий ключ у свого надавача (%(issuer)s) і підпишіть ним."
    ),
    "authority_expired": _(
        "Закінчився строк дії сертифіката самого надавача (%(issuer)s). Отримайте в нього новий ключ."
    ),
    "not_yet_valid": _("Сертифікат почне діяти лише %(begins)s. До того підписуйте попереднім ключем."),
    "revoked": _(
        "Надавач (%(issuer)s) скасував або заблокував цей сертифікат. Зверніться до нього: ключ розблокують"
        " або видадуть новий."
    ),
    "untrusted": _(
        "Ключ видав «%(issuer)s», а цього надавача немає в довірчому списку. Якщо він кваліфікований, інший ключ не"
        " потрібен: адміністратор системи вже знає, спробуйте пізніше."
    ),
    "test_key": _(
        "Це тестовий ключ, його видав «%(issuer)s»: справжніх документів ним не підписують. Підпишіть своїм КЕП від"
        " кваліфікованого надавача."
    ),
    "not_for_signing": _(
        "Цей ключ призначено для шифрування, а не для підпису. Оберіть ключ підпису: зазвичай він у тому самому"
        " файлі або на тому самому носії."
    ),
    "seal": _("Це печатка організації (%(holder)s), а документ підписує людина. Підпишіть своїм особистим КЕП."),
    "no_tax_id": _(
        "У сертифікаті немає РНОКПП, тому не видно, чий це ключ. Отримайте в надавача сертифікат із Вашим РНОКПП."
    ),
    "other_person": _("Ключ належить іншій людині: %(holder)s. Підпишіть своїм КЕП."),
}
PLAIN: Mapping[str, str] = {
    "expired": _("Строк дії сертифіката закінчився. Отримайте новий сертифікат у свого надавача."),
    "not_yet_valid": _("Строк дії сертифіката ще не почався. Перевірте, коли він починає діяти."),
    "revoked": _("Сертифікат скасовано або заблоковано. Зверніться до надавача, який його видав."),
    "untrusted": _(
        "Сертифікат видав надавач, якого немає в довірчому списку. Якщо він кваліфікований, інший ключ не потрібен:"
        " зверніться до адміністратора системи."
    ),
    "not_for_signing": _("Цей сертифікат не призначено для підпису. Виберіть ключ електронного підпису."),
    "unreadable": _("Файл пошкоджений або це не файл електронного підпису. Перевірте, чи вибрано потрібний файл."),
    "unsupported": _(
        "Підпис створено невідомим способом. Скористайтеся ключем кваліфікованого надавача довірчих послуг України."
    ),
    "wrong_content": _("Документ змінено після підписання. Підпишіть його ще раз."),
    "not_for_signature": _("Підпис не стосується цього документа. Додайте саме той документ, який було підписано."),
    "wrong_signature": _("Електронний підпис недійсний. Підпишіть документ ще раз."),
    "no_certificate": _("Не знайдено сертифіката до цього ключа. Додайте файл сертифіката."),
    "revocation_not_proven": _(
        "Сертифікат не вдалося перевірити: служба надавача не відповіла або не знає його."
        " Спробуйте ще раз за кілька хвилин."
    ),
}


CODE = _("код ЄДРПОУ %(code)s")


def sentence(page: Page[Services, User], fault: Rejected) -> str:
    """The first fault in the language of the page; the fault's own words when it is none of ours."""
    return told(page, reason_of(fault, page.now))


def reason_of(fault: Rejected, now: datetime) -> dict[str, str]:
    """Why, without words yet: the rule, its plain text, the names and dates of the key. It can be kept."""
    given = fault.invalid[0]
    reason = {"rule": given.rule, "text": given.description}
    if isinstance(fault, SignerRefused) and fault.signer is not None:
        name = f"{fault.signer.surname} {fault.signer.given_name}".strip()
        return reason | {"holder": name, "edrpou": fault.signer.edrpou or "–"}
    if isinstance(fault, KeyRefused) and fault.key is not None:
        return reason | _facts(fault.key) | {"rule": _rule(given.rule, fault.key, now)}
    return reason


def told(page: Page[Services, User], reason: Mapping[str, str]) -> str:
    """A reason in the language of the page; nothing when there is none."""
    rule, facts = reason.get("rule", ""), dict(reason)
    if "edrpou" in reason and not reason.get("holder"):
        facts["holder"] = page.gettext(CODE) % {"code": reason["edrpou"]}
    if rule in TEXTS and "holder" in facts:
        return page.gettext(TEXTS[rule]) % facts
    words = PLAIN.get(rule, reason.get("text", ""))
    return page.gettext(words) if words else ""


def refusal_text(page: Page[Services, User], rule: str, key: KeyCertificate, texts: Mapping[str, str] = TEXTS) -> str:
    """Why this key may not sign, with its names and dates. KeyError for a rule that is not among the words."""
    return page.gettext(texts[_rule(rule, key, page.now)]) % _facts(key)


def _rule(rule: str, key: KeyCertificate, now: datetime) -> str:
    return "authority_expired" if rule == "expired" and now <= key.not_after else rule


def _facts(key: KeyCertificate) -> dict[str, str]:
    return {
        "issuer": key.issuer,
        "holder": key.holder,
        "ends": short_date(key.not_after),
        "begins": short_date(key.not_before),
    }
