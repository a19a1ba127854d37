"""The operations of requests about persons."""

from . import methods, named, own, relationships, requests
from .registry import operations

__all__ = ["methods", "named", "operations", "own", "relationships", "requests"]
