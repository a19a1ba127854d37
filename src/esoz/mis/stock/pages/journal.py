"""The journal of movements, as a page and as a file."""

from collections.abc import Mapping

from starlette.responses import Response

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.quantities import unit_in_words
from esoz.kernel.pages.reading import day_of
from esoz.mis.base import tables
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.base.workplace import PHARMACY

from ..model.batches import KINDS, REASONS, WAYS, Event
from ..store import movements
from ..store.movements import Wanted
from .registry import JOURNAL, SIZE, here, pages

BAD_DAY = _("Введіть справжню дату.")
MOST_IN_FILE = 20_000
HEADS = (
    *(_("Час"), _("Рух"), _("Препарат"), _("Серія"), _("Придатний до"), _("Кількість"), _("Одиниця")),
    *(_("Документ"), _("Постачальник"), _("Причина"), _("Хто")),
)


@pages.add(f"GET {JOURNAL}", roles=PHARMACY, reads=True)
async def journal(page: MisPage) -> Response:
    counter, (wanted, errors) = await here(page), read_wanted(page.query)
    found = await movements.journal(page.db, counter.place, wanted, page.list_page(SIZE))
    await record(page, Event.READ, counter.place.division_id)
    return page.render(
        "stock/journal.html",
        status=422 if errors else 200,
        keep=False,
        counter=counter,
        found=found,
        values={**page.query, "q": wanted.words},
        errors=errors,
        kinds=KINDS,
        reasons=REASONS,
        ways=WAYS,
        unit_in_words=unit_in_words,
    )


def read_wanted(query: Mapping[str, str]) -> tuple[Wanted, dict[str, str]]:
    """What the address asks of the journal, and what is wrong with it by field."""
    days = {name: query.get(name, "").strip() for name in ("since", "until")}
    read = {name: day_of(text) if text else None for name, text in days.items()}
    errors = {name: BAD_DAY for name, text in days.items() if text and read[name] is None}
    kind = query.get("kind", "")
    text = query.get("q", "").strip()[:100]
    return Wanted(text, kind if kind in KINDS else "", read["since"], read["until"]), errors


@pages.add(f"GET {JOURNAL}.csv", roles=PHARMACY, reads=True)
async def as_file(page: MisPage) -> Response:
    """The journal as it is shown, whole."""
    counter, (wanted, _errors) = await here(page), read_wanted(page.query)
    found = await movements.journal_rows(page.db, counter.place, wanted, MOST_IN_FILE)
    await record(page, Event.EXPORTED, counter.place.division_id, found=len(found))
    kinds = {kind: page.gettext(words) for kind, words in KINDS.items()}
    rows = [
        (
            *(row["moved_at"], kinds[row["kind"]], row["name"], row["series"] or ""),
            *(row["expires_on"] or "", row["quantity"], page.gettext(unit_in_words(row["unit"], row["form"]))),
            *(row["document"] or "", row["supplier"] or ""),
            *(page.gettext(REASONS.get(row["reason"] or "", "")) if row["reason"] else "", row["last_name"]),
        )
        for row in found
    ]
    return tables.file(page, HEADS, rows, "stock")
