"""Registering a person in central, and changing what is registered of them."""
