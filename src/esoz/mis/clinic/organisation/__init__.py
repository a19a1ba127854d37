"""The clinic itself as central knows it, and its divisions."""
