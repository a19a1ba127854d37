"""cabinet: where patients see their own record. A patient information system that knows central by its public API."""

from .connection import set_client

__all__ = ["set_client"]
