"""The printed form as an answer."""

import asyncio

from starlette.responses import Response

from ..model import as_pdf


async def form_as_pdf(content: str, number: str) -> Response:
    """The form of a declaration, made beside the loop."""
    pdf = await asyncio.to_thread(as_pdf, content, number)
    return Response(
        pdf, media_type="application/pdf", headers={"Content-Disposition": "inline; filename=declaration.pdf"}
    )
