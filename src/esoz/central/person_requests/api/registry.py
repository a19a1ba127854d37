"""The registry that all operations of this context are added to."""

from esoz.kernel.operation import Operations

operations = Operations()
