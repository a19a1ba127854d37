"""Antibiotics handed over without a prescription in territories of war: written down, signed, the journal."""
