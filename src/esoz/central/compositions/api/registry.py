"""Where operations of this context register themselves."""

from esoz.kernel.operation import Operations

operations = Operations()
