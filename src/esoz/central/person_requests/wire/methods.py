"""Requests about ways to authenticate, as published."""

from collections.abc import Sequence

import msgspec

from esoz.central.people import AuthenticationType
from esoz.central.uploads import Expected
from esoz.kernel.payload import JSON

from ..model.confirmation import Confirmed
from ..model.methods import Action, Change, MethodRequest
from . import requests


class MethodRequestBody(msgspec.Struct, frozen=True):
    action: Action
    authentication_method: Change


def method_request(request: MethodRequest) -> JSON:
    return {"id": request.id, "status": request.status, "channel": request.channel}


def urgent(request: Confirmed, documents: Sequence[Expected]) -> JSON:
    """How it is confirmed; nothing for who has no method: the publication knows no word for that here."""
    shown = requests.urgent(request, documents)
    return {**shown, "authentication_method_current": []} if request.method is AuthenticationType.NA else shown


def own_urgent(request: MethodRequest) -> JSON:
    """Where the code went; nothing for who has no telephone yet."""
    current = requests.urgent(request, ())["authentication_method_current"]
    return {"authentication_method_current": current if request.phone else []}
