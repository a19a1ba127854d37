"""A conclusion as its doctor writes it, and its paper for the patient."""
