"""The operations of requests about persons."""

from . import methods, own, own_methods, relationships, requests
from .registry import operations

__all__ = ["methods", "operations", "own", "own_methods", "relationships", "requests"]
