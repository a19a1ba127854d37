"""Passwords of the workplace: their rules, their term, changing them, reminders."""
