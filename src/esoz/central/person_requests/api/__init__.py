"""The operations of requests about persons."""

from . import methods, named, own, own_methods, papers, relationships, requests
from .registry import operations

__all__ = ["methods", "named", "operations", "own", "own_methods", "papers", "relationships", "requests"]
