"""The pages of this section, gathered."""

from ...services import MisPages

pages: MisPages = MisPages()
