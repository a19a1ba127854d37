"""The operations of requests about persons."""

from . import methods, requests
from .registry import operations

__all__ = ["methods", "operations", "requests"]
