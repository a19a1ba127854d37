"""Handing a prescription to whoever collects the medicine: a link that shows number and code once."""
