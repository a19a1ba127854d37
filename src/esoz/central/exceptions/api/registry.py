"""Where the operations of this context are registered."""

from esoz.kernel.operation import Operations

operations = Operations()
