"""How the keys of a person stand now."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from esoz.kernel.signing import CertificateVerifier, KeyCertificate, KeyStanding
from esoz.kernel.work import NeedsExternal
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.link.access import ConsentNeeded, calling
from esoz.sdk import CentralError

from . import store
from .model import Event, KeyAffiliation, RegisteredKey, State, belonging, days_left, ending, problem


@dataclass(frozen=True, slots=True)
class KeyView:
    """One active certificate with everything that is known of it; `problem` as `model.problem` names it."""

    kept: RegisteredKey
    key: KeyCertificate
    standing: KeyStanding
    problem: str
    belonging: KeyAffiliation
    days_left: int


@dataclass(frozen=True, slots=True)
class Past:
    """A certificate of before."""

    kept: RegisteredKey
    key: KeyCertificate


async def mine(page: MisPage) -> tuple[list[KeyView], list[Past]]:
    """The user's active certificates, and those of before. Raises NeedsExternal when issuers must be asked first."""
    verifier, tax_id = page.services.verifier, page.user.tax_id or ""
    listed = [(each, verifier.read(each.certificate)[0]) for each in await store.listed(page.db, page.user.id)]
    active = [(kept, key) for kept, key in listed if kept.state is State.ACTIVE]
    standings = _standings(verifier, [key for _kept, key in active], page.now)
    code = await _clinic_code(page) if active else ""
    await record(page, Event.READ, page.user.id)
    shown = [
        KeyView(
            kept=kept,
            key=key,
            standing=standing,
            problem=problem(key, tax_id, standing),
            belonging=belonging(key, code),
            days_left=days_left(key.not_after, page.now),
        )
        for (kept, key), standing in zip(active, standings, strict=True)
    ]
    return shown, [Past(kept, key) for kept, key in listed if kept.state is not State.ACTIVE]


def _standings(verifier: CertificateVerifier, keys: Iterable[KeyCertificate], at: datetime) -> list[KeyStanding]:
    """Of all at once: what must be asked is asked together."""
    found, needs = [], []
    for key in keys:
        try:
            found.append(verifier.standing(key.content, at=at))
        except NeedsExternal as need:
            needs.append(need)
    if needs:
        raise NeedsExternal(lambda: asyncio.gather(*(need.asking() for need in needs)))
    return found


async def _clinic_code(page: MisPage) -> str:
    """The code of the clinic where the user works now, asked of central once; empty when it is not known."""
    if page.user.workplace is None:
        return ""
    clinic_id = page.user.workplace.clinic_id
    known = await store.clinic_code(page.db, clinic_id)
    if known:
        return known
    try:
        central = await calling(page)
        answer = await central.get(f"/api/v2/legal_entities/{clinic_id}")
    except (CentralError, ConsentNeeded):
        return ""
    code = str(answer.record().get("edrpou") or "")
    if code:
        await store.set_clinic_code(page.db, clinic_id, code)
    return code


async def announced(page: MisPage) -> Sequence[RegisteredKey]:
    """The user's certificates whose end is near or past."""
    return ending(await store.listed(page.db, page.user.id), page.now)
