"""The operations of requests about persons."""

from . import methods, named, relationships, requests
from .registry import operations

__all__ = ["methods", "named", "operations", "relationships", "requests"]
