"""What the register says of this workplace, in words for people."""

from collections.abc import Mapping

from esoz.kernel.pages import mark as _
from esoz.mis.base.register import Standing

# For who answers for the system of a clinic: what is wrong, and what to do about it.
TOLD: Mapping[Standing, tuple[str, str]] = {
    Standing.BLOCKED: (
        _("ЕСОЗ заблокувала цю МІС"),
        _("Записи й рецепти зараз не передаються. Зверніться до підтримки системи: вона з’ясує причину."),
    ),
    Standing.DISCONNECTED: (
        _("Цю МІС відключено від ЕСОЗ"),
        _("Записи й рецепти більше не передаються. Запитайте підтримку системи, як працювати далі."),
    ),
    Standing.UNSUPPORTED: (
        _("Цю МІС треба оновити"),
        _(
            "Встановлено версію {installed}, а з ЕСОЗ можна працювати від версії {oldest}."
            " Попросіть того, хто обслуговує систему, оновити її."
        ),
    ),
    Standing.UNTESTED: (
        _("Цю версію МІС ще не протестовано"),
        _(
            "Встановлено версію {installed}, а для роботи з ЕСОЗ протестовано {tested}."
            " Запитайте підтримку системи, коли протестують Вашу."
        ),
    ),
    Standing.OUTDATED: (
        _("Є новіша версія цієї МІС"),
        _(
            "Встановлено версію {installed}, а для роботи з ЕСОЗ протестовано вже {tested}."
            " Домовтеся про оновлення з тим, хто обслуговує систему."
        ),
    ),
    Standing.UNATTESTED: (
        _("Атестат захисту цієї МІС закінчився"),
        _("Атестат КСЗІ діяв до {until}. Запитайте підтримку системи, коли його поновлять."),
    ),
}
# For everybody else, and only when nothing can be sent.
STOPPED_TITLE = _("Записи зараз не передаються до ЕСОЗ")
STOPPED_TEXT = _("ЕСОЗ не приймає записів від цієї МІС. Керівник закладу вже бачить, що робити.")
TO_SUPPORT = _("Кому телефонувати")

# A word and its colour on the page of the state.
WELL = (_("Підключено"), "green")
NOT_ASKED = (_("Не запитували"), "grey")
TAGS: Mapping[Standing, tuple[str, str]] = {
    Standing.BLOCKED: (_("Заблоковано"), "red"),
    Standing.DISCONNECTED: (_("Відключено"), "red"),
    Standing.UNSUPPORTED: (_("Треба оновити"), "red"),
    Standing.UNTESTED: (_("Версію не протестовано"), "yellow"),
    Standing.OUTDATED: (_("Є новіша версія"), "yellow"),
    Standing.UNATTESTED: (_("Атестат захисту закінчився"), "yellow"),
}
