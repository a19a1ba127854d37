"""The one list that all operations of prescriptions stand in."""

from esoz.kernel.operation import Operations

operations = Operations()
