"""Central as one patient calls it: with their token, renewed once when it has run out."""

from dataclasses import dataclass
from uuid import UUID

from esoz.kernel.errors import Forbidden
from esoz.kernel.pages import mark as _
from esoz.sdk import Answer, Bearer, Central, CentralRefused, CentralUnavailable

from ..connection import Client
from ..services import CabinetPage, Services
from . import store
from .model import Tokens, read_tokens


class SignInNeeded(Forbidden):
    """Central does not know the patient any more: they must come in again."""

    default = _("ЕСОЗ завершила сеанс. Увійдіть ще раз.")


class ConnectionBroke(SignInNeeded):
    """Central renewed the tokens and its answer did not reach us: the old ones are spent."""

    default = _("Зв’язок з ЕСОЗ обірвався, коли поновлювався Ваш сеанс. Увійдіть ще раз: нічого не втрачено.")


@dataclass(slots=True)
class Line:
    """Calls central on behalf of a patient."""

    services: Services
    client: Client
    user_id: UUID
    access: str

    @property
    def central(self) -> Central:
        return self.services.gateway.central(self.client)

    async def get(self, path: str, **query: object) -> Answer:
        """Ask central. Raises CentralRefused, CentralUnavailable, SignInNeeded."""
        used = self.access
        try:
            return await self.central.get(path, Bearer(used), **query)
        except CentralRefused as refused:
            if not speaks_of_token(refused):
                raise
        await self._renew(used)
        try:
            return await self.central.get(path, Bearer(self.access), **query)
        except CentralRefused as refused:
            if speaks_of_token(refused):
                raise SignInNeeded() from refused
            raise

    async def _renew(self, used: str) -> None:
        """Take the token that another request renewed meanwhile, or renew it. Raises SignInNeeded."""
        services = self.services
        # A transaction of its own: central has forgotten the old token, so the new one must not be rolled back.
        async with services.database.transaction() as db:
            kept = await store.tokens(db, services.vault, self.user_id, lock=True)
            lost, given = None, kept
            if kept is not None and kept.access == used:
                lost, given = await self._renewed(kept)
                if given is not None:
                    await store.renew(db, services.vault, self.user_id, given)
                else:
                    await store.forget(db, self.user_id)
        if given is None:
            raise ConnectionBroke() if lost else SignInNeeded()
        self.access = given.access

    async def _renewed(self, kept: Tokens) -> tuple[CentralUnavailable | None, Tokens | None]:
        """New tokens for old, None when central does not take them; and whether an answer was lost before that.

        A refresh token serves once. When the answer is lost we ask again with the same one: for a short grace central
        gives the same answer; after it the patient comes in again. Raises CentralUnavailable.
        """
        try:
            return None, await self._asked_for(kept)
        except CentralUnavailable as lost:
            return lost, await self._asked_for(kept)

    async def _asked_for(self, kept: Tokens) -> Tokens | None:
        if kept.refresh is None:
            return None
        asked = {
            "grant_type": "refresh_token",
            "client_id": str(self.client.id),
            "client_secret": self.client.secret,
            "refresh_token": kept.refresh,
        }
        try:
            answer = await self.central.post("/oauth/tokens", body={"token": asked})
        except CentralRefused:
            return None
        return read_tokens(answer.data)


async def calling(page: CabinetPage) -> Line:
    """Central for the page's patient. Raises SignInNeeded when they have no token."""
    services, user_id = page.services, page.user.id
    kept = await store.tokens(page.db, services.vault, user_id)
    if kept is None:
        raise SignInNeeded()
    return Line(services, await services.gateway.client(page.db), user_id, kept.access)


def speaks_of_token(refused: CentralRefused) -> bool:
    """Is it the patient's token that central does not take; an API-key is refused with the same status."""
    return refused.status == 401 and "api-key" not in refused.message.lower()
