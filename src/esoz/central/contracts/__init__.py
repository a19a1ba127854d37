"""Contracts of pharmacies with the НСЗУ about what it pays for, from a file of the operator's."""

from .commands import import_contracts
from .model import Contract
from .queries import must_have_contract
from .sources import read_contracts

__all__ = ["Contract", "import_contracts", "must_have_contract", "read_contracts"]
