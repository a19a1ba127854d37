"""The operations of declarations and of requests for them."""

from esoz.kernel.operation import Operations

operations = Operations()
