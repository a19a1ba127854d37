"""The published envelope: meta and data, or meta and error."""

from collections.abc import Mapping

import msgspec

from .errors import Problem
from .operation import Reply

encode = msgspec.json.encode


class Meta(msgspec.Struct, frozen=True, omit_defaults=True):
    """The `meta` block of every answer."""

    code: int
    url: str
    type: str
    request_id: str
    idempotency_key: str | None = None


def around(reply: Reply, url: str, request_id: str) -> tuple[bytes, bytes]:
    """What stands before and after the `data` of an answer that was rendered before."""
    return b'{"meta":' + encode(Meta(reply.status, url, "list", request_id)) + b',"data":', b"}"


def answer(reply: Reply, url: str, request_id: str, idempotency_key: str | None = None) -> bytes:
    """Wrap what a handler answered."""
    kind = "list" if isinstance(reply.data, list | tuple) else "object"
    body: dict[str, object] = {"meta": Meta(reply.status, url, kind, request_id, idempotency_key), "data": reply.data}
    if reply.urgent is not None:
        body["urgent"] = reply.urgent
    if reply.paging is not None:
        body["paging"] = {**msgspec.to_builtins(reply.paging), "page": reply.paging.page_number}
    return encode(body)


def failure(problem: Problem, url: str, request_id: str) -> bytes:
    """Wrap a refusal."""
    meta = Meta(problem.status, url, "object", request_id)
    return encode({"meta": meta, "error": error(problem)})


def error(problem: Problem) -> Mapping[str, object]:
    """The `error` block; jobs carry the same in their result."""
    block: dict[str, object] = {"type": problem.type, "message": problem.message}
    if problem.invalid:
        block["invalid"] = [
            {
                "entry": fault.entry,
                "entry_type": fault.entry_type,
                "rules": [{"rule": fault.rule, "description": fault.description, "params": list(fault.params)}],
            }
            for fault in problem.invalid
        ]
    return block
