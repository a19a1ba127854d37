"""The one list that all operations of devices on prescription stand in."""

from esoz.kernel.operation import Operations

operations = Operations()
