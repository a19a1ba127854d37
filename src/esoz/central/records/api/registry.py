"""The list that the rooms of this folder add their operations to."""

from esoz.kernel.operation import Operations

operations = Operations()
