"""Central with lists that are longer than a page, without writing thousands of records."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

Row = dict[str, Any]


class LongLists(httpx.AsyncBaseTransport):
    """Answers lists by the end of their path, page by page as central does; everything else goes on to central."""

    def __init__(self, inner: httpx.AsyncBaseTransport, lists: Mapping[str, Sequence[Row]], most: int = 100) -> None:
        self.inner, self.lists, self.most = inner, lists, most

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        rows = next((rows for end, rows in self.lists.items() if request.url.path.endswith(end)), None)
        if request.method != "GET" or rows is None:
            return await self.inner.handle_async_request(request)
        query = request.url.params
        found = [row for row in rows if query.get("name", "").lower() in str(row.get("name", "")).lower()]
        page, size = int(query.get("page", 1)), min(int(query.get("page_size", 50)), self.most)
        paging = {
            "page_number": page,
            "page_size": size,
            "total_entries": len(found),
            "total_pages": max(1, math.ceil(len(found) / size)),
        }
        part = found[(page - 1) * size : page * size]
        return httpx.Response(200, json={"meta": {"code": 200}, "data": part, "paging": paging})
