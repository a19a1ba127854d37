"""Requests about who speaks for a person, as published."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from esoz.central.people import AuthenticationType, RelationshipDocument, mask_phone
from esoz.central.uploads import Expected
from esoz.kernel.payload import JSON, omit_none

from ..model.relationships import RelationshipRequest, Status


class InsertBody(msgspec.Struct, frozen=True):
    confidant_person_id: UUID
    documents_relationship: tuple[RelationshipDocument, ...]


class EndingBody(msgspec.Struct, frozen=True):
    id: UUID
    documents_relationship: tuple[RelationshipDocument, ...]


class OfRightBody(msgspec.Struct, frozen=True):
    """About a right that is there: it ends, or has these papers from now on."""

    confidant_person_relationship: EndingBody
    authorize_with: UUID | None = None


class StatusQuery(msgspec.Struct, frozen=True):
    status: Status | None = None


def urgent(request: RelationshipRequest, documents: Sequence[Expected]) -> JSON:
    """How it is confirmed; who has no method shows papers, and the publication has one word for that here."""
    shown = AuthenticationType.OTP if request.phone else AuthenticationType.OFFLINE
    return {
        "authentication_method_current": omit_none(
            type=shown, phone_number=request.phone and mask_phone(request.phone)
        ),
        "documents": [{"type": each.type, "url": each.url} for each in documents],
    }


def in_list(request: RelationshipRequest) -> JSON:
    return {"id": request.id, "status": request.status, "action": request.action, "channel": request.channel}
