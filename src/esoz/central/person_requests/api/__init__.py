"""The operations of requests about persons."""

from . import methods, own, relationships, requests
from .registry import operations

__all__ = ["methods", "operations", "own", "relationships", "requests"]
