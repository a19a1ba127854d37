"""Wholesale supply without a prescription: what institutions ask for while the war lasts, and what they were given."""
