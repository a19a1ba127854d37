"""The operations of requests about persons."""

from . import methods, relationships, requests
from .registry import operations

__all__ = ["methods", "operations", "relationships", "requests"]
