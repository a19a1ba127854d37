"""A conclusion as its doctor writes it, and as it is taken back."""
